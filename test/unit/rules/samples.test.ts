import { readdirSync } from 'node:fs';
import { eventSchema } from '../../../src/rules/event';
import { match } from '../../../src/rules/match';
import type { Match } from '../../../src/rules/match';
import { planExecution } from '../../../src/rules/plan-execution';
import { EXAMPLES, example, eventWith, groupsWith, ruleFor } from './builders';

/** What a receiver gets, as far as it comes from the event. */
type Post = { trigger: Record<string, unknown>; execution_id: string; created_at: string } & Record<
  string,
  unknown
>;

const BY_SEVERITY = { value: 'new_issues', selected: 'by_severity', severity: 'low' };
const lowIssues = (post: Post) =>
  groupsWith({ issueTypes: new Map(Object.keys(post.trigger['issues'] ?? {}).map((type) => [type, 'low'])) });

/** The event that a post must have come from. */
function eventOf({ trigger, ...post }: Post) {
  return eventWith({ ...post, issues: trigger['issues'], breach: trigger['breach'] });
}

const posts: [string, Record<string, unknown>][] = [
  ['new_issues.json', BY_SEVERITY],
  ['new_issues_2024.json', BY_SEVERITY],
  ['breach_reported.json', { value: 'breach_reported' }],
];

function matched(answer: Match) {
  if (!answer.matches) throw new Error(answer.reason);
  return answer;
}

describe.each(posts)('%s', (name, changes) => {
  const post = example(name) as Post;
  const event = eventOf(post);
  const rule = ruleFor(changes);
  const { trigger } = matched(match(rule, event, lowIssues(post)));

  it('has the trigger that its event yields, to the letter', () => {
    expect(trigger).toEqual(post.trigger);
  });

  it('has the message that is planned, beside what the execution itself adds', () => {
    const { message } = planExecution({
      rule,
      version: 'v1',
      event,
      eventId: 'e',
      trigger,
      workspace: 'default',
      test: false,
      executionId: post.execution_id,
    });
    expect({ ...message, execution_id: post.execution_id, created_at: post.created_at }).toEqual(post);
  });
});

it('every other JSON example is a valid event', () => {
  const isPost = new Set(posts.map(([name]) => name));
  const events = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json') && !isPost.has(name));
  expect(events.map((name) => [name, eventSchema.safeParse(example(name)).success])).toEqual(
    events.map((name) => [name, true]),
  );
});
