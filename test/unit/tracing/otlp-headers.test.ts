import { parseOtlpHeaders } from '../../../src/tracing/otlp-headers';

it('headers are read as OpenTelemetry writes them', () => {
  expect(parseOtlpHeaders('api-key=a%2Cb, authorization=Bearer%20x=y,')).toEqual({
    'api-key': 'a,b',
    authorization: 'Bearer x=y',
  });
});

it.each(['hush', '=hush', 'a=', 'na me=hush', 'a=%zz', 'a=b%0Ahush'])(
  'what is none is named by its number alone: %s',
  (entry) => {
    expect(() => parseOtlpHeaders(`ok=1,${entry}`)).toThrow(
      /^entry 2 is not of the form name=value, percent-encoded$/,
    );
  },
);
