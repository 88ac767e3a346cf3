import { isIPv4 } from 'node:net';
import { CallRefused } from './call-error';
import { refusalOfUrl, targetOf, type EgressSettings } from './egress';
import { createResolve } from './resolve';
import { TargetGuard } from './target-guard';
import type { UrlCheck } from '../destinations/url-check';
import { MAX_URL_CHECK_LOOKUPS, URL_CHECK_TIMEOUT_MS } from '../shared/limits';
import { mapBounded } from '../shared/map-bounded';
import { parseUrl } from '../shared/parse-url';
import { within } from '../shared/within';

/** The check before URLs are saved: the guard that stands before each call, and one look at how addresses are written. */
export function createUrlCheck(settings: EgressSettings): UrlCheck {
  const guard = new TargetGuard(settings, settings.resolve ?? createResolve());
  return {
    refusals: async (urls) => {
      const refusals = urls.map((url) => refusalOfUrl(url, guard) ?? refusalOfNotation(url));
      const open = urls.filter((_url, index) => refusals[index] === undefined);
      const refused = await refusedAfterLookup([...new Set(open.map(originOf))], guard);
      return refusals.map((refusal, index) => refusal ?? refused.get(originOf(urls[index] ?? '')));
    },
  };
}

/** What look-ups say against origins. One whose look-up fails, or is not over in time, is not among them. */
async function refusedAfterLookup(
  origins: readonly string[],
  guard: TargetGuard,
): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  const over = new AbortController();
  const all = mapBounded(origins, MAX_URL_CHECK_LOOKUPS, async (origin) => {
    if (over.signal.aborted) return;
    try {
      await guard.vet(targetOf(new URL(origin)));
    } catch (error) {
      if (error instanceof CallRefused) refused.set(origin, error.message);
    }
  });
  await within(URL_CHECK_TIMEOUT_MS, all, () => undefined);
  over.abort();
  return new Map(refused);
}

/**
 * An IPv4 address in octal, hexadecimal, shortened or in other digits: legal, but what people read is not what is called.
 *
 * @param text as it was written
 */
function refusalOfNotation(text: string): string | undefined {
  const { hostname = '' } = parseUrl(text) ?? {};
  if (!isIPv4(hostname)) return undefined;
  const [, written] = /^\s*https?:\/\/([^/?#:\\]*)/i.exec(text) ?? [];
  return written === hostname ? undefined : `the address must be written in its usual form: ${hostname}`;
}

function originOf(text: string): string {
  return parseUrl(text)?.origin ?? '';
}
