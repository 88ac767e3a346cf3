import { isIP } from 'node:net';
import { parseUrl } from '../shared/parse-url';

/** Of a whole name (RFC 1035). Characters. */
const MAX_NAME = 253;

const LABEL = /^[a-z0-9_-]{1,63}$/;

/** Names that mean this machine, whatever a name server says (RFC 6761), and those that systems give it beside. */
const LOCALHOST = [
  /(^|\.)localhost[46]?$/,
  /^localhost[46]?\.localdomain[46]?$/,
  /^ip6-(localhost|loopback)$/,
];

/** `hooks.example.com`, or with a dot before it for all below: `.example.com`. */
export type HostPattern = string;

/**
 * Parses the list of hosts that may be called wherever they are, e.g. `hooks.internal,*.corp.example.com`. A wildcard
 * stands for one or more labels, not for none.
 *
 * @throws Error naming the entry that is not a host name
 */
export function parseHostPatterns(list: string): HostPattern[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const isWildcard = entry.startsWith('*.');
      const name = asHostName(isWildcard ? entry.slice(2) : entry);
      if (name === undefined) {
        throw new Error(`"${entry}" is not a host name such as hooks.internal or *.corp.example.com`);
      }
      return isWildcard ? `.${name}` : name;
    });
}

export function matchesHost(name: string, patterns: readonly HostPattern[]): boolean {
  return patterns.some((pattern) => (pattern.startsWith('.') ? name.endsWith(pattern) : name === pattern));
}

/** A name in the form that URLs have it (lower case, punycode); undefined when it is none. */
function asHostName(text: string): string | undefined {
  if (/[/?#@:\\\s]/.test(text)) return undefined;
  const name = parseUrl(`https://${text}/`)?.hostname ?? '';
  return isIP(name) === 0 && hostNameProblem(name) === undefined ? name : undefined;
}

/**
 * Why a name is not one that a look-up should be asked for; undefined when nothing speaks against it. A dot at the end is
 * refused too: it names the same host past every list of names.
 */
export function hostNameProblem(name: string): string | undefined {
  const labels = name.split('.');
  if (name.length <= MAX_NAME && labels.every((label) => LABEL.test(label))) return undefined;
  if (labels.length > 1 && labels.at(-1) === '') return 'a host name must not end with a dot';
  return 'the host name is not valid';
}

export function isLocalhost(name: string): boolean {
  return LOCALHOST.some((pattern) => pattern.test(name));
}
