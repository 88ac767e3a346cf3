import { CredentialUnusableError, type CallSettings } from '../destinations/call-settings';
import { CALL_TIMEOUT_MS } from '../shared/limits';
import { AccessTokens } from './access-tokens';
import type { Tracer } from '../tracing/tracing';
import { authorizationOf, bearerAuthorization, type Authorization } from './authorization';
import { beginCallSpan, endCallSpan } from './call-span';
import type { TokenAccess } from './oauth2';
import type { CallResult, WebhookCall, WebhookSender } from './send';
import { SIGNATURE_HEADER, signatureHeaders } from './signature';

/** With less time than this no token is asked for: that it did not come would be no fault of its endpoint. Milliseconds. */
const MIN_TOKEN_TIME_MS = 1_000;

/** W3C Trace Context's: ours, in a call that is traced. */
const TRACE_HEADERS = new Set(['traceparent', 'tracestate']);

/** A call of a destination, before it is signed and carries its credential. */
export interface DestinationCall extends Pick<WebhookCall, 'url' | 'method' | 'body' | 'onOversize'> {
  workspace: string;
  /** Beside those of the credential and of the signature, which take their place. */
  headers: Readonly<Record<string, string>> | undefined;
  /** Names the message to its receiver: the same for every attempt. */
  messageId: string;
  settings: CallSettings;
  /** When all of it must be over, by performance.now(). Milliseconds. */
  deadline: number;
  /** The span that it is part of: W3C Trace Context. Absent: it is not traced, and the receiver is told of no trace. */
  traceparent?: string | undefined;
}

export interface AuthorizedSender {
  /**
   * Signs a call, gives it its credential and makes it. An OAuth2 token that the receiver does not take (401) is replaced,
   * and the call signed and made once more, while there is time.
   *
   * @throws CredentialUnusableError when no token is to be had, and Error when there is no time: no call was made
   */
  send(call: DestinationCall): Promise<CallResult>;
}

/**
 * @param sender makes the calls, and those of token endpoints: the same guard stands before both
 * @param tracer absent: no call is traced
 */
export function createAuthorizedSender(sender: WebhookSender, tracer?: Tracer): AuthorizedSender {
  const send = (call: DestinationCall, authorization?: Authorization) =>
    sendOnce(sender, tracer, call, authorization);
  const tokens = new AccessTokens(sender);
  return {
    send: async (call) => {
      const { auth, tls, proxy } = call.settings;
      const needsMs = auth?.credential.kind === 'oauth2' ? MIN_TOKEN_TIME_MS : 0;
      if (timeBesideCall(call) < needsMs)
        throw new Error('reading the rule and its credentials took too long');
      if (auth === undefined) return send(call);
      const { credential } = auth;
      if (credential.kind !== 'oauth2') return send(call, authorizationOf(credential));
      return sendWithToken(send, call, tokens, {
        workspace: call.workspace,
        ...auth,
        credential,
        tls,
        proxy,
      });
    },
  };
}

/** What is left until the deadline once the call itself has had all of its time. Milliseconds. */
function timeBesideCall({ deadline }: DestinationCall): number {
  return deadline - performance.now() - CALL_TIMEOUT_MS;
}

async function sendOnce(
  sender: WebhookSender,
  tracer: Tracer | undefined,
  { messageId, settings: { signingKeys, tls, proxy }, headers = {}, ...call }: DestinationCall,
  authorization: Authorization = { headers: {}, secrets: [] },
): Promise<CallResult> {
  const span = beginCallSpan(tracer, call);
  const own = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    // A rule's own would make one trace of all its calls.
    .filter(([name]) => span === undefined || !TRACE_HEADERS.has(name));
  const signature = signatureHeaders(signingKeys, {
    id: messageId,
    sentAt: Date.now(),
    body: call.body ?? '',
  });
  const result = await sender.send({
    url: call.url,
    method: call.method,
    headers: {
      ...Object.fromEntries(own),
      ...(span && { traceparent: span.traceparent }),
      ...authorization.headers,
      ...signature,
    },
    body: call.body,
    onOversize: call.onOversize,
    workspace: call.workspace,
    tls,
    proxy,
    secrets: authorization.secrets,
    // A rule's own headers too: no history has their values, whatever people write there.
    secretHeaders: [...own.map(([name]) => name), ...Object.keys(authorization.headers), SIGNATURE_HEADER],
  });
  if (span) endCallSpan(span, result);
  return result;
}

async function sendWithToken(
  send: (call: DestinationCall, authorization: Authorization) => Promise<CallResult>,
  call: DestinationCall,
  tokens: AccessTokens,
  access: TokenAccess,
): Promise<CallResult> {
  const token = await tokens.get(access, timeBesideCall(call));
  const result = await send(call, bearerAuthorization(token));
  const isRefused = !result.delivered && result.attempt.status === 401;
  if (!isRefused) return result;

  // The receiver may have withdrawn it before its time. Without time now, the next attempt gets another one.
  tokens.drop(access, token);
  if (timeBesideCall(call) < MIN_TOKEN_TIME_MS) return result;
  try {
    const another = await tokens.get(access, timeBesideCall(call));
    return await send(call, bearerAuthorization(another));
  } catch (error) {
    if (!(error instanceof CredentialUnusableError)) throw error;
    return {
      delivered: false,
      attempt: { ...result.attempt, error: `${result.attempt.error}, then ${error.message}` },
    };
  }
}
