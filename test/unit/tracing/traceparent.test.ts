import { parseTraceparent, traceparentOf } from '../../../src/tracing/traceparent';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

it.each([
  ['that is kept', `00-${TRACE}-${SPAN}-01`, true],
  ['that is not kept', `00-${TRACE}-${SPAN}-00`, false],
  ['with flags that are not known', `00-${TRACE}-${SPAN}-ff`, true],
  ['of a later version, with more behind it', `cc-${TRACE}-${SPAN}-01-more`, true],
])('one %s is read', (_which, text, sampled) => {
  expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
});

it.each([
  ['nothing', ''],
  ['words', 'nonsense'],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
  ['version 00 with more behind it', `00-${TRACE}-${SPAN}-01-more`],
  ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ['a line behind it', `00-${TRACE}-${SPAN}-01\nx`],
])('%s is not valid', (_what, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

it('is written as it is read', () => {
  const text = `00-${TRACE}-${SPAN}-01`;
  expect(traceparentOf({ traceId: TRACE, spanId: SPAN, sampled: true })).toBe(text);
});
