import { ChangedExecutions, type ExecutionChange, type Looked } from '../../../src/client/changed-executions';
import type { ExecutionSummary } from '../../../src/client/executions';
import { until } from '../../support/executions';

/** How often was looked, by workspace. */
let looks: Map<string, number>;
/** What a look finds. */
let found: (nth: number) => Looked;
let end: AbortController;
let changed: ChangedExecutions;

beforeEach(() => {
  looks = new Map();
  found = nothing;
  end = new AbortController();
  changed = new ChangedExecutions(async (workspace) => {
    looks.set(workspace, looksAt(workspace) + 1);
    return found(looksAt(workspace));
  }, 1);
});
afterEach(() => {
  end.abort();
});

const looksAt = (workspace: string) => looks.get(workspace) ?? 0;

const nothing = (): Looked => ({ executions: [], more: false });

function away(): never {
  throw new Error('Temporal is away');
}

/** Another one each time. */
const something = (nth: number): Looked => ({
  executions: [{ execution_id: String(nth) } as ExecutionSummary],
  more: false,
});

/** Until there were so many looks more. */
async function lookedAgain(workspace: string, times: number): Promise<void> {
  const before = looksAt(workspace);
  await until(async () => looksAt(workspace) >= before + times || undefined);
}

async function next(changes: AsyncGenerator<ExecutionChange>): Promise<ExecutionChange> {
  const result = await changes.next();
  if (result.done === true) throw new Error('the changes have ended');
  return result.value;
}

it('tells that Temporal is away and that it is back, each once', async () => {
  const changes = changed.follow('a', end.signal);
  found = away;
  expect(await next(changes)).toEqual({ kind: 'away' });
  const then = next(changes);
  await lookedAgain('a', 3);
  found = nothing;
  expect(await then).toEqual({ kind: 'back' });
});

it('tells a listener that comes while Temporal is away at once', async () => {
  found = away;
  await next(changed.follow('a', end.signal));
  const before = looksAt('a');
  expect(await next(changed.follow('a', end.signal))).toEqual({ kind: 'away' });
  expect(looksAt('a')).toBe(before);
});

it('looks for as long as somebody listens, and no longer', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  void changed.follow('a', first.signal).next().catch(nothing);
  void changed.follow('a', second.signal).next().catch(nothing);
  void changed.follow('b', end.signal).next().catch(nothing);
  first.abort();
  await lookedAgain('a', 2);
  second.abort();
  const last = looksAt('a');
  await lookedAgain('b', 5);
  expect(looksAt('a')).toBe(last);
});

it('says of a listener that does not read that it is too slow, once', async () => {
  found = something;
  const tooSlow = jest.fn<undefined, []>();
  await next(changed.follow('a', end.signal, tooSlow));
  await until(async () => tooSlow.mock.calls[0]);
  await lookedAgain('a', 5);
  expect(tooSlow).toHaveBeenCalledTimes(1);
});
