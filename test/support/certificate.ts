import { generate } from 'selfsigned';

/** A self-signed certificate for 127.0.0.1, made now. */
export async function selfSignedCertificate(valid: {
  from: Date;
  to: Date;
}): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    notBeforeDate: valid.from,
    notAfterDate: valid.to,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { key: made.private, cert: made.cert };
}
