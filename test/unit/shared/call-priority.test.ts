import { callPriority } from '../../../src/shared/call-priority';

const key = (workspace: string | undefined, target: string) =>
  callPriority(workspace, target, false).fairnessKey;

it('first attempts go before retries', () => {
  const [first, retry] = [false, true].map((isRetry) => callPriority('acme', 'https://a.example', isRetry));
  expect(first?.priorityKey).toBeLessThan(retry?.priorityKey ?? 0);
});

it('calls of one workspace to one origin have one turn', () => {
  expect(key('acme', 'https://a.example/one?x=1')).toBe(key('acme', 'https://a.example/two'));
});

it.each([
  ['another workspace', 'other', 'https://a.example/'],
  ['another host', 'acme', 'https://b.example/'],
  ['another port', 'acme', 'https://a.example:8443/'],
  ['no workspace, as in old executions', undefined, 'https://a.example/'],
])('calls of %s have a turn of their own', (_what, workspace, target) => {
  expect(key(workspace, target)).not.toBe(key('acme', 'https://a.example/'));
});

it('the key is at most as long as Temporal takes it, whatever its parts', () => {
  const longest = key('w'.repeat(64), `https://${'é'.repeat(2_000)}.example`);
  expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(64);
});

it('the key does not tell where the call goes to, because Temporal keeps it in the clear', () => {
  expect(key('acme', 'https://secret.example/')).not.toContain('secret');
});

it('is the same in every version: it is recorded', () => {
  expect(key('acme', 'https://a.example/')).toMatchInlineSnapshot(`"acme/cba77ddbf0898075"`);
});
