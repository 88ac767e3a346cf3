/**
 * The first version of Node's HTTP/2 library that a receiver cannot end the process with (CVE-2026-27135): before it, two frames
 * are enough, and nothing in a program can catch that. Found by `npm run fuzz -- responses/http2`.
 */
const SOUND_NGHTTP2 = '1.68.1';

/** Whether Node's HTTP/2 may be used with receivers that nobody vouches for. @param nghttp2 the version of its library */
export function isHttp2Sound(nghttp2 = process.versions['nghttp2'] ?? '0'): boolean {
  return nghttp2.localeCompare(SOUND_NGHTTP2, 'en', { numeric: true }) >= 0;
}
