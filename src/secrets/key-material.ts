import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { CredentialDocument, OAuth2Credential, TlsCredential } from '../destinations/credential';

/** Something that is wrong with a field; the message holds nothing of what stands in it. */
export interface FieldProblem {
  path: string;
  message: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^]+?-----END \1-----/g;

/** What a signature of each algorithm is made with. */
const KEY_OF_ALGORITHM: Readonly<
  Record<NonNullable<OAuth2Credential['algorithm']>, { fits: (key: KeyObject) => boolean; name: string }>
> = {
  RS256: { fits: isRsa, name: 'an RSA key of at least 2048 bits' },
  PS256: { fits: isRsa, name: 'an RSA key of at least 2048 bits' },
  ES256: {
    fits: (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
    name: 'a key on the curve P-256',
  },
  EdDSA: { fits: (key) => key.asymmetricKeyType === 'ed25519', name: 'an ed25519 key' },
};

/** What is wrong with the keys and certificates of a credential that is in order otherwise. */
export function keyMaterialProblems(credential: CredentialDocument): FieldProblem[] {
  if (credential.kind === 'oauth2') return oauth2Problems(credential);
  return credential.kind === 'tls' ? tlsProblems(credential) : [];
}

function oauth2Problems({ private_key: pem, algorithm = 'RS256' }: OAuth2Credential): FieldProblem[] {
  if (pem === undefined) return [];
  const key = privateKeyOf(pem);
  if (key === undefined) return [{ path: 'private_key', message: 'is not a private key that can be read' }];
  const wanted = KEY_OF_ALGORITHM[algorithm];
  return wanted.fits(key)
    ? []
    : [{ path: 'private_key', message: `must be ${wanted.name} for ${algorithm}` }];
}

function tlsProblems({ certificate, private_key: pem, passphrase, ca }: TlsCredential): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const chain = certificate === undefined ? undefined : certificatesOf(certificate);
  if (certificate !== undefined && chain === undefined) {
    problems.push({
      path: 'certificate',
      message: 'is not a certificate, or a chain of them, that can be read',
    });
  }
  const key = pem === undefined ? undefined : privateKeyOf(pem, passphrase);
  if (pem !== undefined && key === undefined) {
    const why =
      passphrase === undefined
        ? 'a key that is encrypted needs its passphrase'
        : 'or the passphrase is not its';
    problems.push({ path: 'private_key', message: `is not a private key that can be read: ${why}` });
  }
  if (key !== undefined && chain?.[0]?.checkPrivateKey(key) === false) {
    problems.push({ path: 'private_key', message: 'does not belong to the first certificate' });
  }
  if (ca !== undefined && certificatesOf(ca) === undefined) {
    problems.push({ path: 'ca', message: 'is not a certificate, or several, that can be read' });
  }
  return problems;
}

/** The certificates of a PEM text, at least one; undefined when it has anything else. */
function certificatesOf(pem: string): X509Certificate[] | undefined {
  try {
    return (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function privateKeyOf(pem: string, passphrase?: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch {
    return undefined;
  }
}

function isRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
}
