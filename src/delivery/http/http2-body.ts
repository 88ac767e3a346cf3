import { constants, type ClientHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { CallRefused } from '../call-error';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants;

/**
 * The body of an answer. Node ends a stream that was cancelled, or whose connection has closed, as if it were complete:
 * here that is an error. Destroying it cancels the stream, and leaves the connection to the others.
 */
export class Http2Body extends Readable {
  private received = 0;
  private isComplete = false;

  /**
   * @param contentLength as the answer has it; it says how long an answer is that the receiver ends without a mark
   * @param whyEnded asked when the stream has ended before its time
   */
  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly contentLength: string | undefined,
    private readonly whyEnded: () => Error,
  ) {
    super();
    stream
      .on('data', (chunk: Buffer) => {
        this.received += chunk.length;
        if (!this.push(chunk)) stream.pause();
      })
      .once('end', () => {
        this.end();
      })
      .once('close', () => {
        if (!this.isComplete) this.destroy(whyEnded());
      });
  }

  override _read(): void {
    this.stream.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    cancel(this.stream);
    callback(error);
  }

  private end(): void {
    const { stream, contentLength, received } = this;
    if (stream.rstCode !== NGHTTP2_NO_ERROR) {
      this.destroy(this.whyEnded());
    } else if (contentLength !== undefined && Number(contentLength) !== received) {
      this.destroy(new CallRefused('the response is shorter or longer than its content-length'));
    } else {
      this.isComplete = true;
      this.push(null);
      // The answer is there; a receiver that reads no more of the request would hold the stream for ever.
      if (!stream.writableFinished) cancel(stream);
    }
  }
}

/** Ends a stream now, even when the connection takes nothing more: its end must not wait for a receiver. */
export function cancel(stream: ClientHttp2Stream): void {
  if (!stream.closed) stream.close(NGHTTP2_CANCEL);
  stream.destroy();
}
