import { changesBetween } from '../../../src/dashboard/rules/changes';
import type { JsonObject } from '../../../src/shared/json';

const FIRST: JsonObject = { id: 'first', url: 'https://a.example.com/' };
const SECOND: JsonObject = { id: 'second', url: 'https://b.example.com/', headers: { 'x-a': '1' } };

describe('what differs between two versions of a rule', () => {
  it('is nothing when only the order of keys does', () => {
    expect(changesBetween({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 })).toEqual([]);
  });

  it('is told field by field', () => {
    expect(
      changesBetween({ name: 'A', owner: { email: 'a@example.com' } }, { name: 'A', owner: { member: 'a' } }),
    ).toEqual([
      { path: 'owner.member', from: undefined, to: 'a' },
      { path: 'owner.email', from: 'a@example.com', to: undefined },
    ]);
  });

  it('tells a step that moved as moved, and not as changed', () => {
    expect(changesBetween({ steps: [FIRST, SECOND] }, { steps: [SECOND, FIRST] })).toEqual([
      { path: 'order of steps', from: 'first, second', to: 'second, first' },
    ]);
  });

  it('tells a step that was added whole, and finds the others by their ids', () => {
    const changed = { ...SECOND, headers: { 'x-a': '2' } };
    expect(changesBetween({ steps: [SECOND] }, { steps: [FIRST, changed] })).toEqual([
      { path: 'steps.first', from: undefined, to: FIRST },
      { path: 'steps.second.headers.x-a', from: '1', to: '2' },
    ]);
  });

  it('takes a step that is named by its place for the same as one with that id', () => {
    expect(changesBetween({ steps: [{ url: 'u' }] }, { steps: [{ id: 'step-1', url: 'u' }] })).toEqual([]);
  });
});
