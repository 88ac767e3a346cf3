import { parseUrl } from '../shared/parse-url';

/** Where and how mail is handed over. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte; without it the connection is upgraded by STARTTLS where the server offers that. */
  secure: boolean;
  /** Goes no further without STARTTLS: a password would cross the network in clear. */
  requireTLS: boolean;
  auth?: { user: string; pass: string };
}

const FORM = 'must be smtp://[user:password@]host[:port] or smtps://[user:password@]host[:port]';

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\])$/;

/** Speaks TLS from the first byte whatever the scheme says: waiting for a plain greeting there would only time out. */
const SMTPS_PORT = 465;

const SUBMISSION_PORT = 587;

/**
 * Reads `smtp://` and `smtps://` URLs. Ports not given are 587 and 465. User name and password are percent-decoded.
 *
 * @throws Error that says what is wrong and repeats no part of the URL: an unescaped password can end up anywhere in it.
 */
export function parseSmtpUrl(url: string): SmtpServer {
  const parsed = parseUrl(url);
  if (parsed?.protocol !== 'smtp:' && parsed?.protocol !== 'smtps:') throw new Error(FORM);
  if (!HOST.test(parsed.hostname)) throw new Error(`${FORM}; it has no valid host`);
  if (/[^/]/.test(parsed.pathname) || parsed.search !== '' || parsed.hash !== '') {
    throw new Error(
      `${FORM}; it goes on after the host (is a character of the password not percent-encoded?)`,
    );
  }
  if ((parsed.username === '') !== (parsed.password === '')) {
    throw new Error(`${FORM}; it has a user name or a password, but not both`);
  }
  const port = Number(parsed.port) || (parsed.protocol === 'smtps:' ? SMTPS_PORT : SUBMISSION_PORT);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    secure: parsed.protocol === 'smtps:' || port === SMTPS_PORT,
    requireTLS: parsed.username !== '' && !LOOPBACK.test(parsed.hostname),
    ...(parsed.username !== '' && {
      auth: { user: decoded(parsed.username), pass: decoded(parsed.password) },
    }),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Its own error is no help, and a later Node might quote what it could not decode.
    throw new Error(`${FORM}; a "%" in the user name or password must be written %25`);
  }
}
