import { resolve } from 'node:path';

/** What the command line takes from the environment. */
export interface Settings {
  /** Of the API. */
  url: string | undefined;
  key: string | undefined;
  /** Where a service of this machine leaves its address and its first key. */
  dataFolder: string;
  /** Whether colours are wanted, if there is a terminal to show them. */
  colors: boolean;
}

/** Makes this the data folder of a service that runs in this process, which reads the environment by itself. */
export function setDataFolder(folder: string): void {
  process.env['DATA_DIR'] = folder;
}

/** Reads the environment; an empty variable counts as unset. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  return {
    url: given('RULE_WEBHOOKS_URL'),
    key: given('RULE_WEBHOOKS_API_KEY'),
    dataFolder: resolve(given('DATA_DIR') ?? 'data'),
    colors: given('NO_COLOR') === undefined && given('TERM') !== 'dumb',
  };
}
