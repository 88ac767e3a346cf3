import { draftOf, fitsForm, hasUnreadText, NEW_RULE, reduceDraft } from '../../../src/dashboard/rules/draft';
import { besidesTheForm, problemsAt } from '../../../src/dashboard/rules/problems';
import {
  groupOf,
  occasionOf,
  waitingFor,
  withFactorToggled,
  withGroup,
  withKind,
} from '../../../src/dashboard/rules/trigger';
import {
  FACTORS as FACTOR_NAMES,
  gradesOf,
  KINDS,
  OVERLAPS,
  SEVERITIES,
} from '../../../src/dashboard/rules/words';
import { changesSchema } from '../../../src/rules/changes';
import { ruleSchema } from '../../../src/rules/rule';
import { FACTORS, SEVERITIES as KNOWN_SEVERITIES } from '../../../src/rules/scale';
import { OVERLAPS as KNOWN_OVERLAPS } from '../../../src/rules/schedule';
import type { JsonObject } from '../../../src/shared/json';

const RULE: JsonObject = {
  id: 'tickets',
  name: 'Tickets',
  unknown_to_the_form: { deeply: ['kept'] },
  owner: { member: 'ada' },
  event: { type: 'invoice.paid' },
  notify: { digest: '1h', later: true },
  steps: [
    { action: 'call_webhook', url: 'https://a.example.com/', later: 1 },
    { id: 'tell', action: 'call_webhook', url: 'https://b.example.com/', body: { a: 1 } },
    { action: 'call_webhook', url: 'https://c.example.com/' },
  ],
};

const idsOf = ({ steps }: JsonObject) => (steps as JsonObject[]).map(({ id }) => id);

describe('a rule that is edited', () => {
  it('keeps what the form has no field for, in its place', () => {
    const after = reduceDraft(draftOf(RULE, true), {
      do: 'set',
      path: ['steps', 1, 'url'],
      value: 'https://x.example/',
    });
    expect(JSON.stringify(after.document)).toBe(
      JSON.stringify(RULE).replace('https://b.example.com/', 'https://x.example/'),
    );
  });

  it('keeps the ids by which executions find their steps, when steps move', () => {
    const after = reduceDraft(draftOf(RULE, true), { do: 'move-step', from: 0, to: 2 });
    expect(idsOf(after.document)).toEqual(['tell', 'step-3', 'step-1']);
  });

  it('leaves a step where it is rather than move it out of the list', () => {
    const after = reduceDraft(draftOf(RULE, true), { do: 'move-step', from: 0, to: -1 });
    expect(idsOf(after.document)).toEqual(['step-1', 'tell', 'step-3']);
  });

  it('gives a step that is added an id that no other has', () => {
    const removed = reduceDraft(draftOf(RULE, true), { do: 'remove-step', index: 0 });
    const after = reduceDraft(removed, { do: 'add-step' });
    expect(idsOf(after.document)).toEqual(['tell', 'step-3', 'step-4']);
  });

  it('keeps a text that is no JSON with its step, which moves, and the document as it was', () => {
    const path = ['steps', 1, 'body'];
    const typed = reduceDraft(draftOf(RULE, true), {
      do: 'text',
      step: 1,
      field: 'body',
      path,
      text: '{"a":',
    });
    const after = reduceDraft(typed, { do: 'move-step', from: 1, to: 0 });
    expect(after.steps[0]?.texts).toEqual({ body: '{"a":' });
    expect((after.document['steps'] as JsonObject[])[0]).toMatchObject({ id: 'tell', body: { a: 1 } });
    expect(hasUnreadText(after)).toBe(true);
  });

  it('takes a text into the document once it is JSON, and the key away once it is empty', () => {
    const path = ['steps', 1, 'body'];
    const typed = reduceDraft(draftOf(RULE, true), {
      do: 'text',
      step: 1,
      field: 'body',
      path,
      text: '{"a":2}',
    });
    expect((typed.document['steps'] as JsonObject[])[1]).toMatchObject({ body: { a: 2 } });
    const emptied = reduceDraft(typed, { do: 'text', step: 1, field: 'body', path, text: ' ' });
    expect((emptied.document['steps'] as JsonObject[])[1]).not.toHaveProperty('body');
    expect(hasUnreadText(emptied)).toBe(false);
  });

  it('has its id follow its name until somebody writes an id', () => {
    const named = reduceDraft(draftOf(NEW_RULE, false), { do: 'name', name: 'Score “below” 80!' });
    expect(named.document['id']).toBe('score-below-80');
    const own = reduceDraft(named, { do: 'id', id: 'mine' });
    expect(reduceDraft(own, { do: 'name', name: 'Other' }).document['id']).toBe('mine');
  });

  it('has the text that cannot be read until another says a whole rule', () => {
    const typed = reduceDraft(draftOf(RULE, true), { do: 'unread', field: 'json', text: '{' });
    expect(hasUnreadText(typed)).toBe(true);
    const read = reduceDraft(typed, { do: 'replace', document: { ...RULE, name: 'Other' } });
    expect(read).toMatchObject({ document: { name: 'Other' }, texts: {} });
    expect(read.steps.map(({ key }) => key)).toEqual(typed.steps.map(({ key }) => key));
  });

  it('has as many steps in its form as in its text', () => {
    const read = reduceDraft(draftOf(RULE, true), { do: 'replace', document: { ...RULE, steps: [] } });
    expect(read.steps).toEqual([]);
  });

  it('has no empty object where the last thing in it was taken away', () => {
    const draft = draftOf({ ...RULE, notify: { digest: '1h' } }, true);
    const after = reduceDraft(draft, { do: 'set', path: ['notify', 'digest'], value: undefined });
    expect(after.document).not.toHaveProperty('notify');
  });

  it('names what only its text shows', () => {
    expect(besidesTheForm(RULE)).toEqual(['unknown_to_the_form', 'notify.later', 'steps[0].later']);
  });

  it('is not shown as a form while its parts are of another kind', () => {
    expect([RULE, { steps: 'none' }, { steps: [1] }, { owner: [] }, {}].map(fitsForm)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('what a rule waits for, chosen from lists', () => {
  it('offers the kinds, factors, grades and severities that rules have', () => {
    const offered = Object.keys(KINDS).map((kind) => withKind({}, kind as keyof typeof KINDS));
    expect(offered.filter((changes) => !changesSchema.safeParse(changes).success)).toEqual([]);
    const graded = (['grade_drop', 'grade_raise'] as const).flatMap((value) =>
      gradesOf(value).map((grade) => ({ value, grade })),
    );
    expect(graded.filter((changes) => !changesSchema.safeParse(changes).success)).toEqual([]);
    expect(Object.keys(FACTOR_NAMES)).toEqual(FACTORS);
    expect(SEVERITIES).toEqual(KNOWN_SEVERITIES);
  });

  it('keeps the threshold and the factors from one kind to another that has them', () => {
    const before = { value: 'factor_score_drop_threshold', threshold: 65, factor: ['dns_health'] };
    expect(withKind(before, 'factor_score_rise_threshold')).toEqual({
      ...before,
      value: 'factor_score_rise_threshold',
    });
    expect(withKind(before, 'grade_drop')).toEqual({ value: 'grade_drop' });
  });

  it('drops a grade that the other kind cannot have', () => {
    expect(withKind({ value: 'grade_drop', grade: 'F' }, 'grade_raise')).toEqual({ value: 'grade_raise' });
  });

  it('means any factor when the last one is taken away', () => {
    const one = withFactorToggled({ value: 'factor_grade_drop', factor: 'any' }, 'dns_health');
    expect(one['factor']).toEqual(['dns_health']);
    expect(withFactorToggled(one, 'dns_health')['factor']).toBe('any');
  });

  it('goes over to events of one’s own and back', () => {
    const events = waitingFor({ ...NEW_RULE }, 'event');
    expect(events).toMatchObject({ event: { type: '' } });
    expect(events).not.toHaveProperty('filters');
    const back = waitingFor(events, 'scorecards');
    expect(back).not.toHaveProperty('event');
    expect(back['filters']).toEqual(NEW_RULE['filters']);
  });

  it('goes over to the clock with its scorecards, and back', () => {
    const clock = waitingFor({ ...NEW_RULE }, 'schedule');
    expect(occasionOf(clock)).toBe('schedule');
    expect(clock['filters']).toEqual({ scorecards: { value: 'followed' } });
    const back = waitingFor(clock, 'scorecards');
    expect(back).not.toHaveProperty('schedule');
    expect(back['filters']).toEqual(NEW_RULE['filters']);
  });

  it('offers each thing that may become of a run that is due too early', () => {
    expect(Object.keys(OVERLAPS)).toEqual(KNOWN_OVERLAPS);
  });

  it.each(['', 'followed', 'my_scorecard', 'portfolio:a:b'])('takes the group %j as it gives it', (group) => {
    expect(groupOf(withGroup(RULE, group))).toBe(group);
  });

  it.each(['scorecards', 'schedule'] as const)(
    'makes a rule for %s that is accepted once its name, owner and URL are filled in',
    (occasion) => {
      const filled = {
        ...waitingFor({ ...NEW_RULE }, occasion),
        id: 'new',
        name: 'New',
        owner: { email: 'ada@example.com' },
        steps: [{ id: 'step-1', action: 'call_webhook', url: 'https://example.com/' }],
      };
      expect(ruleSchema.safeParse(filled).success).toBe(true);
    },
  );
});

describe('problems with a rule', () => {
  const problems = [
    { path: 'steps[0].url', message: 'a' },
    { path: 'steps[0].headers["x y"]', message: 'b' },
    { path: 'steps[01]', message: 'c' },
    { path: '', message: 'd' },
  ];

  it('are found at their field and below it', () => {
    expect(problemsAt(problems, ['steps', 0]).map(({ message }) => message)).toEqual(['a', 'b']);
    expect(problemsAt(problems, ['steps', 0, 'headers', 'x y']).map(({ message }) => message)).toEqual(['b']);
  });
});
