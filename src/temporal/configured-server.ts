import { existsSync } from 'node:fs';
import { loadClientConfigProfile, toClientOptions, type ClientConfigProfile } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { messageOf, property } from './error-facts';
import { TemporalSetupError } from './setup-error';

/** The environment variables of this process, or a part of them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment and the profile file say about Temporal. */
export interface TemporalConfiguration {
  /** Absent when no address is set: then the embedded server is meant. */
  server: ConfiguredServer | undefined;
  namespace: string;
}

/** A Temporal server that runs already. */
export interface ConfiguredServer {
  address: string;
  options: NativeConnectionOptions;
  /** What set the address, for people. */
  source: string;
}

/** Settings that say nothing to an embedded server: with them, an address was meant to be there. */
const NEEDS_ADDRESS = [
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_DATA',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_DATA',
] as const;

/**
 * Reads Temporal's common settings: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS…, and the
 * profile (TEMPORAL_PROFILE) of the profile file (TEMPORAL_CONFIG_FILE, or the one that Temporal's CLI writes).
 * A variable that is empty counts as unset.
 *
 * @throws TemporalSetupError which names the variable or file that is wrong
 */
export function readTemporalConfiguration(environment: Environment): TemporalConfiguration {
  const variables = withoutEmpty(environment);
  checkVariables(variables);
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: variables });
    checkClientCertificate(profile);
    const { connectionOptions, namespace = 'default' } = toClientOptions(profile);
    if (profile.address !== undefined) {
      const source =
        variables['TEMPORAL_ADDRESS'] === undefined ? profileName(variables) : 'TEMPORAL_ADDRESS';
      return { server: { address: profile.address, options: connectionOptions, source }, namespace };
    }
    const orphan = NEEDS_ADDRESS.find((variable) => variables[variable] !== undefined);
    if (orphan !== undefined)
      throw new TemporalSetupError(`${orphan} is set, but no address is: set TEMPORAL_ADDRESS.`);
    return { server: undefined, namespace };
  } catch (error) {
    throw error instanceof TemporalSetupError ? error : unreadable(error, variables);
  }
}

function withoutEmpty(environment: Environment): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    // An empty header variable has a meaning: it removes the profile's header.
    const meant = value !== '' || name.startsWith('TEMPORAL_GRPC_META_');
    if (value !== undefined && meant) variables[name] = value;
  }
  return variables;
}

/** What the SDK would pass over in silence. */
function checkVariables(variables: Record<string, string>): void {
  const file = variables['TEMPORAL_CONFIG_FILE'];
  if (file !== undefined && !existsSync(file)) {
    throw new TemporalSetupError(`TEMPORAL_CONFIG_FILE is "${file}", which does not exist.`);
  }
  const tls = variables['TEMPORAL_TLS'];
  if (tls !== undefined && !['1', 'true', '0', 'false'].includes(tls)) {
    throw new TemporalSetupError(`TEMPORAL_TLS is "${tls}": it must be true or false.`);
  }
}

/** The SDK would connect without a certificate when one half is missing. */
function checkClientCertificate({ tls }: ClientConfigProfile): void {
  if ((tls?.clientCert === undefined) === (tls?.clientKey === undefined)) return;
  const [present, absent] = tls?.clientCert === undefined ? ['KEY', 'CERT'] : ['CERT', 'KEY'];
  throw new TemporalSetupError(
    `TEMPORAL_TLS_CLIENT_${present}_PATH (or the profile's client_${present.toLowerCase()}_path) is set without ` +
      `TEMPORAL_TLS_CLIENT_${absent}_PATH (or client_${absent.toLowerCase()}_path).`,
  );
}

function profileName(variables: Record<string, string>): string {
  return `profile "${variables['TEMPORAL_PROFILE'] ?? 'default'}" of ${profileFile(variables)}`;
}

function profileFile(variables: Record<string, string>): string {
  const file = variables['TEMPORAL_CONFIG_FILE'];
  return file === undefined ? "Temporal's default profile file" : `TEMPORAL_CONFIG_FILE (${file})`;
}

function unreadable(error: unknown, variables: Record<string, string>): TemporalSetupError {
  const file = property(error, 'path');
  const [variable] =
    Object.entries(variables).find(([name, value]) => name.startsWith('TEMPORAL_') && value === file) ?? [];
  const subject =
    variable ??
    (variables['TEMPORAL_PROFILE']
      ? `TEMPORAL_PROFILE, or ${profileFile(variables)},`
      : profileFile(variables));
  return new TemporalSetupError(`${subject} cannot be used: ${messageOf(error)}`, { cause: error });
}
