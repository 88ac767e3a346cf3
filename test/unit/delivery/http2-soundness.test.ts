import { isHttp2Sound } from '../../../src/delivery/http2-soundness';

it.each([
  ['1.61.0', false],
  ['1.68.0', false],
  ['1.68.1', true],
  ['1.70.0', true],
  ['1.100.0', true],
  ['2.0.0', true],
])('nghttp2 %s is sound: %s', (version, isSound) => {
  expect(isHttp2Sound(version)).toBe(isSound);
});
