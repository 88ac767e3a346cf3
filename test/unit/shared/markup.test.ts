import { markup } from '../../../src/shared/markup';

it('text that is filled in ends no element and no attribute', () => {
  expect(markup`<p title="${`"'>`}">${'<b>&'}</p>`.html).toBe(
    '<p title="&#34;&#39;&#62;">&#60;b&#62;&#38;</p>',
  );
});

it('markup that is filled in stays markup, one piece or several', () => {
  const items = ['a', 'b'].map((each) => markup`<li>${each}</li>`);
  expect(markup`<ul>${items}</ul>${markup`<hr>`}`.html).toBe('<ul><li>a</li><li>b</li></ul><hr>');
});

it('text with what looks like an escape stays the text that it is', () => {
  expect(markup`${'\\n &lt;'}`.html).toBe('\\n &#38;lt;');
});
