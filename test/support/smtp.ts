import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';

/** A mail as the server took it. */
export interface ReceivedMail {
  mail: ParsedMail;
  /** The message as it came over the wire. */
  raw: string;
  /** MAIL FROM. */
  sender: string;
  /** RCPT TO, in order. */
  recipients: string[];
}

/**
 * What the server does with a message: takes it; answers 451, as a server in trouble does; or takes it and drops the
 * connection before the answer, so that the sender cannot know.
 */
export type Behaviour = 'accept' | 'refuse' | 'accept-and-drop';

export interface SmtpOptions {
  /** `none` (the default) offers no TLS; both others use smtp-server's own self-signed certificate. */
  tls?: 'none' | 'starttls' | 'implicit';
  /** Given, the server wants a login, and answers a wrong one with what the client sent. */
  login?: { user: string; pass: string };
}

/** A real SMTP server on a free loopback port, which keeps what it takes. */
export class SmtpTestServer {
  /** Applies to the messages that come from now on. */
  behaviour: Behaviour = 'accept';
  /** Every mail taken so far. */
  readonly received: ReceivedMail[] = [];
  loginAttempts = 0;
  readonly #options: SmtpOptions;
  #server: SMTPServer;
  #port = 0;
  #taken = 0;
  readonly #arrivals = new EventEmitter();

  private constructor(options: SmtpOptions) {
    this.#options = options;
    this.#server = this.#create();
  }

  static async start(options: SmtpOptions = {}): Promise<SmtpTestServer> {
    const server = new SmtpTestServer(options);
    await server.#listen();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** For `SMTP_URL`. */
  url(login?: { user: string; pass: string }): string {
    const scheme = this.#options.tls === 'implicit' ? 'smtps' : 'smtp';
    const credentials = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@` : '';
    return `${scheme}://${credentials}127.0.0.1:${this.#port}`;
  }

  /** The oldest mail that no call has returned yet; waits for it where there is none. */
  async nextMail(): Promise<ReceivedMail> {
    for (;;) {
      const next = this.received[this.#taken];
      if (next) {
        this.#taken += 1;
        return next;
      }
      await once(this.#arrivals, 'mail');
    }
  }

  /** Stops listening and ends every connection: connecting is refused from now on. Mails taken stay. */
  async stop(): Promise<void> {
    this.#dropConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(resolve);
    });
  }

  /** Listens again on the same port after `stop`. */
  async restart(): Promise<void> {
    this.#server = this.#create();
    await this.#listen();
  }

  async #listen(): Promise<void> {
    const listening = this.#server.listen(this.#port, '127.0.0.1');
    await once(listening, 'listening');
    this.#port = (listening.address() as AddressInfo).port;
  }

  #create(): SMTPServer {
    const { tls = 'none', login } = this.#options;
    const server = new SMTPServer({
      // Also says that its built-in certificate is wanted.
      logger: false,
      disableReverseLookup: true,
      secure: tls === 'implicit',
      allowInsecureAuth: true,
      authOptional: login === undefined,
      disabledCommands: tls === 'starttls' ? [] : ['STARTTLS'],
      onAuth: this.#authenticate,
      onData: this.#take,
    });
    // A client that gives up during a handshake is what some tests are about.
    server.on('error', () => undefined);
    return server;
  }

  readonly #authenticate: NonNullable<SMTPServerOptions['onAuth']> = (
    { username, password },
    _session,
    callback,
  ) => {
    this.loginAttempts += 1;
    const { login } = this.#options;
    if (login === undefined || (username === login.user && password === login.pass)) {
      callback(null, { user: username });
      return;
    }
    // A careless server, so that a test can see whether the answer is passed on as it is.
    const plain = Buffer.from(`\0${username ?? ''}\0${password ?? ''}`).toString('base64');
    callback(new Error(`no user ${username ?? ''} with password ${password ?? ''} (AUTH PLAIN ${plain})`));
  };

  readonly #take: NonNullable<SMTPServerOptions['onData']> = (stream, session, callback) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (this.behaviour === 'refuse') {
        callback(Object.assign(new Error('try again later'), { responseCode: 451 }));
        return;
      }
      void this.#keep(Buffer.concat(chunks), session).then(() => {
        if (this.behaviour === 'accept-and-drop') this.#dropConnections();
        else callback();
      });
    });
  };

  async #keep(raw: Buffer, { envelope }: SMTPServerSession): Promise<void> {
    this.received.push({
      mail: await simpleParser(raw),
      raw: raw.toString('utf8'),
      sender: envelope.mailFrom ? envelope.mailFrom.address : '',
      recipients: envelope.rcptTo.map(({ address }) => address),
    });
    this.#arrivals.emit('mail');
  }

  #dropConnections(): void {
    for (const connection of this.#server.connections) connection._socket.destroy();
  }
}
