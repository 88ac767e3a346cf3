import { generate, type SelfsignedOptions } from 'selfsigned';

/** A key and its certificate, in PEM form. */
export interface KeyPair {
  key: string;
  cert: string;
}

/** An authority of one's own, as companies run them for their receivers and clients. */
export class Authority {
  private constructor(private readonly own: KeyPair) {}

  static async create(name = 'Authority'): Promise<Authority> {
    return new Authority(
      await made(name, {
        extensions: [
          { name: 'basicConstraints', cA: true, critical: true },
          { name: 'keyUsage', keyCertSign: true, critical: true },
        ],
      }),
    );
  }

  /** What others need to trust it. */
  get cert(): string {
    return this.own.cert;
  }

  /** For a server on 127.0.0.1. */
  server(): Promise<KeyPair> {
    return made('127.0.0.1', {
      ca: this.own,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
  }

  /** @param passphrase encrypts the key */
  client(name: string, passphrase?: string): Promise<KeyPair> {
    return made(name, { ca: this.own, ...(passphrase !== undefined && { passphrase }) });
  }
}

async function made(name: string, options: SelfsignedOptions): Promise<KeyPair> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...options,
  });
  return { key, cert };
}
