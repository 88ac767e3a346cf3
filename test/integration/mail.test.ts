import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { escalationMail } from '../../src/mail/escalation-mail';
import type { MailMessage } from '../../src/mail/message';
import type { MailTransport } from '../../src/mail/transport';
import { createMailTransport } from '../../src/mail/transport';
import type { ReceivedMail, SmtpOptions } from '../support/smtp';
import { SmtpTestServer } from '../support/smtp';

const failed = {
  workspace: 'acme',
  executionId: '6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d',
  ruleName: 'Page the on-call engineer',
  url: 'https://hooks.example.com/grade-drop',
  error: '503 Service Unavailable',
  to: { name: 'Ada', address: 'ada@example.com' },
  from: 'Rule Builder <rules@example.org>',
  pages: {
    execution: 'https://rules.example.org/executions/6f1c',
    retry: 'https://rules.example.org/retry/x.y',
  },
};
const message = escalationMail(failed);
const login = { user: 'rules@example.com', pass: 'p@ss/w:rd-hunter2' };

const open: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

async function startServer(options?: SmtpOptions): Promise<SmtpTestServer> {
  const server = await SmtpTestServer.start(options);
  open.push(server);
  return server;
}

const transportTo = (smtpUrl: string): MailTransport => createMailTransport({ smtpUrl, folder: 'unused' });

async function delivered(mail: MailMessage): Promise<ReceivedMail> {
  const server = await startServer();
  await transportTo(server.url()).send(mail);
  return server.nextMail();
}

/** Everything that a log or a history could show of a failure. */
async function failureOf(sending: Promise<unknown>): Promise<string> {
  const error = await sending.then(
    () => new Error('it was sent'),
    (reason: unknown) => reason as Error,
  );
  return [error.message, error.stack, JSON.stringify(error), JSON.stringify(error.cause)].join('\n');
}

describe('a mail that arrives', () => {
  it('has the words that were sent', async () => {
    const { mail } = await delivered(message);

    expect(mail.text).toBe(message.text);
  });

  it('has the subject, sender, recipient and Message-ID that were sent', async () => {
    const { mail } = await delivered(message);

    expect(mail).toMatchObject({
      subject: '[Action Required] Failed Webhook Request',
      from: { value: [{ name: 'Rule Builder', address: 'rules@example.org' }] },
      to: { value: [{ name: 'Ada', address: 'ada@example.com' }] },
      messageId: '<rule-execution.6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d@example.org>',
    });
  });

  it('carries these headers and no others', async () => {
    const { mail } = await delivered(message);

    expect(mail.headerLines.map(({ key }) => key).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'list-id',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
    ]);
  });

  it('was handed over for the owner alone', async () => {
    const { sender, recipients } = await delivered(message);

    expect({ sender, recipients }).toEqual({ sender: 'rules@example.org', recipients: ['ada@example.com'] });
  });

  it.each(['Größe & Ärger', 'スコア低下', 'هبوط الدرجة', '👩‍🚀 grade drop'])(
    'tells the rule name %s as it is',
    async (ruleName) => {
      const { mail } = await delivered(escalationMail({ ...failed, ruleName }));

      expect(mail.text).toContain(`Failed Rule: ${ruleName}\n`);
    },
  );

  it('greets an owner by a name beyond ASCII', async () => {
    const to = { name: 'Ada Łovelace, 伯爵夫人', address: 'ada@example.com' };
    const { mail } = await delivered(escalationMail({ ...failed, to }));

    expect(mail.to).toMatchObject({ value: [to] });
  });

  it('is acknowledged with the Message-ID and the last answer of the server', async () => {
    const server = await startServer();

    await expect(transportTo(server.url()).send(message)).resolves.toEqual({
      messageId: message.messageId,
      receipt: expect.stringMatching(/^250 /) as string,
    });
  });
});

describe('the two parts of a mail', () => {
  it('arrive with the text first, for programs that show no HTML', async () => {
    const { raw } = await delivered(message);

    expect([...raw.matchAll(/^Content-Type: ([^;\r]+)/gm)].map(([, type]) => type)).toEqual([
      'multipart/alternative',
      'text/plain',
      'text/html',
    ]);
  });

  it('arrive as they were sent', async () => {
    const { mail } = await delivered(message);

    expect(mail.html).toBe(message.html);
  });

  it('have no line that a server may cut', async () => {
    const long = escalationMail({ ...failed, url: `https://example.com/${'é'.repeat(2_000)}` });
    const { raw } = await delivered(long);

    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  it('name the list of their workspace', async () => {
    const { mail } = await delivered(message);

    expect(mail.headers.get('list')).toEqual({
      id: { name: 'Rule Webhooks escalations', id: 'escalations.acme.example.org' },
    });
  });
});

describe('a hostile rule', () => {
  const injection =
    '\r\nBcc: victim@example.com\r\n\r\n.\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<victim@example.com>';
  const hostile: [string, MailMessage][] = [
    ['name', escalationMail({ ...failed, ruleName: `Evil${injection}` })],
    ['URL', escalationMail({ ...failed, url: `https://example.com/${injection}` })],
    ['error text', escalationMail({ ...failed, error: `500${injection}` })],
    [
      "owner's name",
      escalationMail({ ...failed, to: { name: `Ada${injection}`, address: 'ada@example.com' } }),
    ],
  ];

  it.each(hostile)('adds no recipient by its %s', async (_what, mail) => {
    const { recipients } = await delivered(mail);

    expect(recipients).toEqual(['ada@example.com']);
  });

  it.each(hostile)('adds no header by its %s', async (_what, mail) => {
    const received = await delivered(mail);
    const innocent = await delivered(message);

    expect(received.mail.headerLines.map(({ key }) => key)).toEqual(
      innocent.mail.headerLines.map(({ key }) => key),
    );
  });

  it.each(hostile)('adds no line to the text by its %s', async (_what, mail) => {
    const received = await delivered(mail);

    expect(received.mail.text?.split(/\r?\n/)).toHaveLength(message.text.split('\n').length);
  });

  it.each(hostile)('sends no second mail by its %s', async (_what, mail) => {
    const server = await startServer();
    await transportTo(server.url()).send(mail);

    expect(server.received).toHaveLength(1);
  });
});

describe('a message that reaches the transport from elsewhere', () => {
  it('goes to nobody when its one address names two', async () => {
    const server = await startServer();
    const sending = transportTo(server.url()).send({
      ...message,
      to: { address: 'ada@example.com, victim@example.com' },
    });

    await expect(sending).rejects.toThrow('recipients were rejected');
    expect(server.received).toEqual([]);
  });

  it('cannot add a header by its subject', async () => {
    const { mail } = await delivered({ ...message, subject: 'Hello\r\nBcc: victim@example.com' });

    expect(mail.bcc).toBeUndefined();
  });
});

describe('a mail that is sent again', () => {
  it('carries the same Message-ID when the first answer was lost', async () => {
    const server = await startServer();
    const transport = transportTo(server.url());
    server.behaviour = 'accept-and-drop';
    await expect(transport.send(message)).rejects.toThrow('SMTP server 127.0.0.1');
    server.behaviour = 'accept';
    await transport.send(message);

    expect(server.received.map(({ mail }) => mail.messageId)).toEqual([message.messageId, message.messageId]);
  });

  it('arrives once the server listens again', async () => {
    const server = await startServer();
    const transport = transportTo(server.url());
    await server.stop();
    await expect(transport.send(message)).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    await transport.send(message);

    expect((await server.nextMail()).mail.messageId).toBe(message.messageId);
  });
});

describe('a failure says where and why', () => {
  it('when nobody listens', async () => {
    const server = await startServer();
    const transport = transportTo(server.url());
    await server.stop();

    await expect(transport.send(message)).rejects.toThrow(
      new Error(`SMTP server 127.0.0.1:${server.port}: ECONNREFUSED`),
    );
  });

  it('when the server refuses the message', async () => {
    const server = await startServer();
    server.behaviour = 'refuse';

    await expect(transportTo(server.url()).send(message)).rejects.toThrow(
      new Error(`SMTP server 127.0.0.1:${server.port}: Message failed: 451 try again later`),
    );
  });

  it('when the certificate is not trusted', async () => {
    const server = await startServer({ tls: 'implicit' });

    await expect(transportTo(server.url()).send(message)).rejects.toThrow(
      new RegExp(`^SMTP server 127.0.0.1:${server.port}: .*certificate`),
    );
  });

  it('when the login is wrong', async () => {
    const server = await startServer({ login });

    await expect(transportTo(server.url({ ...login, pass: 'wrong' })).send(message)).rejects.toThrow(
      new RegExp(`^SMTP server 127.0.0.1:${server.port}: Invalid login: 535`),
    );
  });

  it('when the server takes the connection and then says too little for too long', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    open.push({ stop: async () => void silent.close() });
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const deadline = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(deadline.signal);
    silent.once('connection', () => {
      deadline.abort();
    });

    await expect(transportTo(`smtp://127.0.0.1:${port}`).send(message)).rejects.toThrow(
      new Error(`SMTP server 127.0.0.1:${port}: no answer within 55 s`),
    );
    timeout.mockRestore();
  });
});

describe('credentials', () => {
  it('log in', async () => {
    const server = await startServer({ login });
    await transportTo(server.url(login)).send(message);

    expect(server.received).toHaveLength(1);
  });

  it('are not shown to a server whose STARTTLS certificate nobody trusts', async () => {
    const server = await startServer({ tls: 'starttls', login });

    await expect(transportTo(server.url(login)).send(message)).rejects.toThrow('certificate');
    expect(server.loginAttempts).toBe(0);
  });

  it('stay out of the failure when the server repeats them', async () => {
    const server = await startServer({ login: { ...login, pass: 'another' } });

    expect(await failureOf(transportTo(server.url(login)).send(message))).not.toContain('hunter2');
  });

  it('stay out of the failure when the server repeats them as they went over the wire', async () => {
    const server = await startServer({ login: { ...login, pass: 'another' } });
    const sending = transportTo(server.url(login)).send(message);

    await expect(sending).rejects.toThrow('no user rules@example.com with password *** (AUTH PLAIN ***)');
  });

  it('stay out of the failure when TLS fails', async () => {
    const server = await startServer({ tls: 'implicit', login });

    expect(await failureOf(transportTo(server.url(login)).send(message))).not.toContain('hunter2');
  });

  it('stay out of the failure when nobody listens', async () => {
    const server = await startServer();
    await server.stop();

    expect(await failureOf(transportTo(server.url(login)).send(message))).not.toContain('hunter2');
  });

  it.each([
    ['smtp://user:hunter2@mail.example.com', 'SMTP server mail.example.com:587 (STARTTLS)'],
    ['smtps://user:hunter2@mail.example.com', 'SMTP server mail.example.com:465 (TLS)'],
    ['smtp://user:hunter2@[::1]:25', 'SMTP server [::1]:25 (STARTTLS if offered)'],
  ])('stay out of the line at the start for %s', (smtpUrl, line) => {
    expect(transportTo(smtpUrl).describe()).toBe(line);
  });
});
