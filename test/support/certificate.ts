import { generate } from 'selfsigned';

/** A self-signed certificate for 127.0.0.1 and the given names, made now. */
export async function selfSignedCertificate(
  valid: { from: Date; to: Date },
  names: readonly string[] = [],
): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    notBeforeDate: valid.from,
    notAfterDate: valid.to,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [{ type: 7, ip: '127.0.0.1' }, ...names.map((value) => ({ type: 2 as const, value }))],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
