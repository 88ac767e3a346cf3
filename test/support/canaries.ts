import { randomBytes } from 'node:crypto';

/** Secrets that a test plants, and then looks for wherever they must not be. */
export class Canaries {
  private readonly needles = new Map<string, Buffer[]>();

  /** A secret that no other text has by chance, of characters that URLs and JSON write in other ways. */
  plant(name: string): string {
    const secret = `canary/${randomBytes(15).toString('base64url')}+&=%`;
    this.watch(name, secret);
    return secret;
  }

  /** Looks for a secret that was made elsewhere, too. @param secret text, or the bytes that stand behind a text */
  watch(name: string, secret: string | Buffer): void {
    const bytes = Buffer.from(secret);
    const forms = [
      bytes,
      ...inBase64(bytes, 'base64'),
      ...inBase64(bytes, 'base64url'),
      Buffer.from(bytes.toString('hex')),
      Buffer.from(encodeURIComponent(bytes.toString('latin1'))),
    ];
    this.needles.set(name, [...(this.needles.get(name) ?? []), ...forms]);
  }

  /** The names of the secrets that stand in a text or a file: in clear, in base64 of any alignment, in hex, URL-encoded. */
  in(haystack: string | Buffer): string[] {
    const bytes = Buffer.from(haystack);
    return [...this.needles]
      .filter(([, forms]) => forms.some((form) => bytes.includes(form)))
      .map(([name]) => name);
  }
}

/** What is sure to stand in the base64 of any text that has these bytes: three alignments, without what neighbours decide. */
function inBase64(bytes: Buffer, encoding: 'base64' | 'base64url'): Buffer[] {
  return [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    const settled = whole.subarray(0, whole.length - (whole.length % 3)).toString(encoding);
    return Buffer.from(settled.slice(offset === 0 ? 0 : 4));
  });
}
