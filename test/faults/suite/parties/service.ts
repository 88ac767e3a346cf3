import { resolve } from 'node:path';
import { ProcessParty } from './process-party';

const PROGRAM = resolve(__dirname, '../../../../dist/main.js');

/** The service as it is built, in one of its roles. Its `url` moves with each start. */
export class ServiceParty extends ProcessParty {
  /** Of its API. */
  url = '';

  /**
   * @param preload a module that the program loads before its own, to plant a bug
   * @param onUrl told of each new address, `host:port`
   */
  constructor({
    name,
    settings,
    logFile,
    preload,
    onUrl = () => undefined,
  }: {
    name: string;
    settings: Record<string, string>;
    logFile: string;
    preload: string | undefined;
    onUrl?: (address: string) => void;
  }) {
    const { PATH = '', HOME = '', XDG_CACHE_HOME = '', TEMPORAL_CLI_PATH = '' } = process.env;
    super({
      name,
      command: [process.execPath, ...(preload === undefined ? [] : ['--require', preload]), PROGRAM],
      environment: {
        ...{ PATH, HOME, XDG_CACHE_HOME, TEMPORAL_CLI_PATH },
        ALLOWED_NETWORKS: '127.0.0.0/8',
        API_PORT: '0',
        API_RATE_LIMIT: '0',
        // What is held for minutes would have to be waited for; holds have tests of their own.
        BREAKER_FAILURES: '0',
        DISABLE_AFTER_DAYS: '0',
        MAIL_FROM: 'rules@example.com',
        // Mails name their execution by its link.
        PUBLIC_URL: 'https://rules.example.com',
        ...settings,
      },
      isReady: /(?:API: (\S+)[^]*)?Ready\./,
      logFile,
      onReady: ([, url]) => {
        if (url === undefined) return;
        this.url = url;
        onUrl(new URL(url).host);
      },
    });
  }
}
