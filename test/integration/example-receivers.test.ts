import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createAuthorizedSender } from '../../src/delivery/authorized-sender';
import { createWebhookSender } from '../../src/delivery/send';
import type { SigningKey } from '../../src/destinations/signing-key';
import { MemoryCallSettings } from '../support/call-settings';
import { testEgress } from '../support/egress';
import { sharedKey } from '../support/signing-keys';
import { EXAMPLE_RECEIVERS, pythonStandardWebhooks } from '../support/verifiers';

const sender = createWebhookSender({ egress: testEgress(), userAgent: 'test/1' });
afterAll(() => sender.close());

const python = pythonStandardWebhooks();

/** Skipped where there is no Python to run it with. */
const describePython = python === undefined ? describe.skip : describe;

describe('the example receiver.mjs', () => {
  takesOnlyWhatIsSigned(process.execPath, 'receiver.mjs', {});
});

describePython('the example receiver.py', () => {
  takesOnlyWhatIsSigned('python3', 'receiver.py', { PYTHONPATH: python ?? '' });
});

function takesOnlyWhatIsSigned(command: string, name: string, env: Record<string, string>): void {
  /** Runs it with a secret, and calls it once. @returns the status of its answer, and what it printed of the message */
  async function answerTo(signingKey: SigningKey, secret: string) {
    const child = spawn(command, [join(EXAMPLE_RECEIVERS, name)], {
      env: { ...process.env, ...env, WEBHOOK_SECRET: secret, PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const port = String((await lines.next()).value).replace(/\D/g, '');
    const { attempt } = await createAuthorizedSender(sender).send({
      workspace: 'acme',
      url: `http://127.0.0.1:${port}/`,
      method: 'POST',
      headers: {},
      body: '{"execution_id":"e-1"}',
      onOversize: 'truncate',
      messageId: 'e-1_0',
      settings: { ...new MemoryCallSettings().current, signingKeys: [signingKey] },
      deadline: Infinity,
    });
    child.kill();
    await once(child, 'exit');
    const printed: unknown = (await lines.next()).value;
    return { status: 'response' in attempt ? attempt.response.status : attempt.status, printed };
  }

  it('takes a request that is signed with its secret', async () => {
    const key = sharedKey();
    expect(await answerTo(key, key.secret)).toEqual({ status: 204, printed: 'e-1_0 e-1' });
  });

  it('refuses one that is signed with another', async () => {
    expect(await answerTo(sharedKey(), sharedKey().secret)).toEqual({ status: 401, printed: undefined });
  });
}
