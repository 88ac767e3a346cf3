import { constants, type ClientHttp2Stream } from 'node:http2';
import { CallRefused } from '../call-error';

/** RFC 9113, 7, by number. */
const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const { NGHTTP2_PROTOCOL_ERROR, NGHTTP2_ENHANCE_YOUR_CALM } = constants;

export const connectionClosed = (): CallRefused =>
  new CallRefused('the connection was closed before the response was complete');

/** Why a stream ended before its answer was complete; by its receiver, or by our own side for what the receiver sent. */
export function http2StreamError({ rstCode }: ClientHttp2Stream): CallRefused {
  // Node ends a stream by these itself.
  if (rstCode === NGHTTP2_PROTOCOL_ERROR) return new CallRefused('the response is not valid HTTP/2');
  if (rstCode === NGHTTP2_ENHANCE_YOUR_CALM)
    return new CallRefused('the response headers are too large, or the receiver wants fewer calls');
  return new CallRefused(`the receiver ended the HTTP/2 stream: ${name(rstCode)}`);
}

/** Why a receiver has ended a connection with all its streams. */
export function goAwayError(code: number): CallRefused {
  return new CallRefused(`the receiver ended the HTTP/2 connection: ${name(code)}`);
}

function name(code: number | undefined): string {
  return CODES[code ?? 0] ?? `error ${code ?? 0}`;
}
