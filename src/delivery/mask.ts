/** Shorter texts would be found where they are none: they are no secrets. Characters. */
const MIN_SECRET_LENGTH = 8;

/** What stands in place of a secret. */
export const MASKED = '[redacted]';

/** Masks secrets in what a receiver says: some send back what they were sent, and answers are kept and shown. */
export interface Mask {
  bytes(bytes: Buffer): Buffer;
  text(text: string): string;
  /** Length of the longest text that is looked for: as much as may be cut in two where bytes end early. Bytes. */
  readonly longest: number;
}

/** Looks for the secrets themselves, and as they are written in JSON, in URLs and in base64, even amid something longer. */
export function maskOf(secrets: readonly string[]): Mask {
  const forms = [...new Set(secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH).flatMap(formsOf))]
    .map((form) => Buffer.from(form))
    .sort((a, b) => b.length - a.length);
  const bytes = (given: Buffer): Buffer =>
    forms.filter((form) => given.includes(form)).reduce((masked, form) => replaced(masked, form), given);
  return {
    bytes,
    text: (text) => bytes(Buffer.from(text)).toString(),
    longest: forms[0]?.length ?? 0,
  };
}

/** Latin 1 has a character for each byte, so nothing is lost on the way through a string. */
function replaced(bytes: Buffer, form: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(form.toString('latin1'), MASKED), 'latin1');
}

function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inUrls = [encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)];
  return [
    secret,
    inJson,
    inJson.replaceAll('/', '\\/'),
    ...inUrls,
    ...inUrls.map((form) => form.replace(/%../g, (escape) => escape.toLowerCase())),
    ...base64Forms(Buffer.from(secret)),
  ];
}

/**
 * What a secret looks like within the base64 of something longer: three ways, by the place at which it begins, each
 * without the characters at its ends that depend on what stands beside it.
 */
function base64Forms(secret: Buffer): string[] {
  return [0, 2, 3].flatMap((dependent, shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), secret]).toString('base64');
    const own = encoded.slice(dependent, Math.floor(((shift + secret.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
