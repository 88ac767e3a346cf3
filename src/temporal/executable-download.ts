import type { ServerKind } from './pinned-releases';

/** What to fetch. */
export interface DownloadRequest {
  kind: ServerKind;
  /** `<process.platform>-<process.arch>`. */
  platform: string;
  /** An empty folder to work in. The caller removes it. */
  folder: string;
}

/** A place from which a server executable can be fetched. */
export interface ExecutableDownload {
  /** For people, e.g. `the SDK's own download`. */
  readonly name: string;
  /**
   * Fetches and checks the executable.
   *
   * @returns its path, inside the request's folder
   * @throws Error whose message is the reason, in one line
   */
  fetch(request: DownloadRequest): Promise<string>;
}
