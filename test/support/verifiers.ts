import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ReceivedRequest } from './receiver';

const SCRIPTS = join(__dirname, '../../scripts');
export const EXAMPLE_RECEIVERS = join(__dirname, '../../examples/receivers');

/** The script's exit code when the wheel is not there and cannot be fetched. */
const NOT_INSTALLABLE = 3;

/**
 * The path from which Python imports PyPI's `standardwebhooks`. Undefined on a machine where nobody could have fetched it;
 * anywhere else that is an error.
 */
export function pythonStandardWebhooks(): string | undefined {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(SCRIPTS, 'standardwebhooks.mjs')], {
    encoding: 'utf8',
  });
  if (status === 0) return stdout.trim();
  if (status === NOT_INSTALLABLE && process.env['CI'] === undefined) return undefined;
  throw new Error(`The tests need PyPI's standardwebhooks. ${stderr}`);
}

const PYTHON = `
import json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
asked = json.load(sys.stdin)
try:
    Webhook(asked["secret"]).verify(asked["body"], asked["headers"], json_parse=False)
    print("genuine")
except WebhookVerificationError as error:
    print(error)
`;

/** What PyPI's `standardwebhooks` says of a captured request: `genuine`, or what is wrong. */
export function pythonVerdict(
  importPath: string,
  secret: string,
  { text, headers }: Pick<ReceivedRequest, 'text' | 'headers'>,
): string {
  const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON], {
    input: JSON.stringify({ secret, body: text, headers }),
    env: { ...process.env, PYTHONPATH: importPath },
    encoding: 'utf8',
  });
  return stdout.trim() || stderr;
}

/** What the example that uses openssl alone says of it. */
export function opensslVerdict(
  key: string,
  { text, headers }: Pick<ReceivedRequest, 'text' | 'headers'>,
): string {
  const named = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name]));
  const { stdout, stderr } = spawnSync('sh', [join(EXAMPLE_RECEIVERS, 'verify.sh'), key, ...named], {
    input: text,
    encoding: 'utf8',
  });
  return (stdout + stderr).trim();
}
