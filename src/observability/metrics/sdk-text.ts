import { get } from 'node:http';

/** The SDK answers from memory. Milliseconds. */
const TIME_LIMIT_MS = 2_000;

/**
 * What the exporter of Temporal's SDK in this process has, in Prometheus' text format.
 *
 * @param address `host:port` @throws Error when it does not answer
 */
export function readSdkText(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(
      `http://${address}/metrics`,
      { agent: false, signal: AbortSignal.timeout(TIME_LIMIT_MS) },
      (response) => {
        if (response.statusCode !== 200) {
          response.destroy();
          reject(new Error(`the SDK's exporter answered ${response.statusCode}`));
          return;
        }
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          resolve(text);
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
  });
}
