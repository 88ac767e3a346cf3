import { randomUUID } from 'node:crypto';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { SmtpTestServer, type ReceivedMail } from '../support/smtp';
import { temporaryFolder } from '../support/temporary-folder';

let smtp: SmtpTestServer;
let receiver: Receiver;
let service: ServiceProcess;
/** What the receiver answers now. */
let answers = 503;
let first: ReceivedMail;
let digest: ReceivedMail;
let gathered: string[];
beforeAll(async () => {
  smtp = await SmtpTestServer.start();
  receiver = await Receiver.start((_request, response) => response.writeHead(answers).end('{}'));
  service = await ServiceProcess.start(temporaryFolder(), {
    SMTP_URL: smtp.url(),
    MAIL_FROM: 'Rules <rules@example.org>',
    PUBLIC_URL: 'https://rules.example.org/webhooks/',
    BREAKER_FAILURES: '0',
    ESCALATION_DIGEST: '5s',
  });
  const rule = { id: 'watch', urls: [receiver.url], retry_schedule: [] };
  await service.call('PUT', '/v1/rules', rulebookDocument(rule));
  await trigger();
  first = await smtp.nextMail();
  gathered = await Promise.all([trigger(), trigger(), trigger()]);
  digest = await smtp.nextMail();
  // Temporal's lists come a moment later.
  await until(async () => (await service.all('/v1/executions?status=escalated'))[3]);
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await Promise.all([smtp.stop(), receiver.close()]);
});

/** @returns the id of the execution that an event starts */
async function trigger(): Promise<string> {
  const { body } = await service.event(sampleEvent({ id: randomUUID() }));
  return body.executions[0]?.execution_id ?? '';
}

/** The address of a link in both parts of a mail, as what stands before the service passes it on. */
function linkIn({ mail: { text = '', html } }: ReceivedMail, page: string): string {
  const [link = ''] = new RegExp(`https://rules\\.example\\.org/webhooks/${page}/\\S+`).exec(text) ?? [];
  expect(html).toContain(`href="${link}"`);
  return link.replace('https://rules.example.org/webhooks', service.url);
}

async function pageAt(address: string): Promise<string> {
  return (await fetch(address)).text();
}

it('a digest lists three executions, and its link leads to a page that asks before it restarts them', async () => {
  expect(digest.mail.subject).toBe('[Action Required] 3 Failed Webhook Requests');
  expect(await pageAt(linkIn(digest, 'retry'))).toContain(
    '<button type="submit">Restart 3 executions</button>',
  );
  expect(receiver.requests).toHaveLength(4);
});

it('a mail has the address of the execution that it tells of', async () => {
  const [, id = ''] = /executions\/([\da-f-]+)$/.exec(linkIn(first, 'executions')) ?? [];

  expect((await service.get(`/v1/executions/${id}`)).body).toMatchObject({ status: 'escalated' });
});

it('the page of an execution has the words of its mail, up to the links, which are nobody’s who only reads', async () => {
  const [, id = ''] = /executions\/([\da-f-]+)$/.exec(linkIn(first, 'executions')) ?? [];
  const { body } = await service.get<{ escalation: object }>(`/v1/executions/${id}`);

  const text = (first.mail.text ?? '').replaceAll('\r\n', '\n');
  const [words] = text.split('\nSee what was sent');
  expect(body.escalation).toMatchObject({ mail: { subject: first.mail.subject, text: words }, digest: null });
});

it('the page of an execution that a digest lists says which one', async () => {
  const [, notice] = /--notice (\S+)/.exec(digest.mail.text ?? '') ?? [];
  const { body } = await service.get<{ escalation: object }>(`/v1/executions/${gathered[0]}`);

  expect(body.escalation).toMatchObject({ mail: null, digest: { id: notice, executions: 3 } });
});

describe('the button of the page', () => {
  let link: string;
  let shown: string;
  beforeAll(async () => {
    answers = 200;
    link = linkIn(digest, 'retry');
    // Twice at once, as by an impatient hand; the answer leads to the page again.
    const pressed = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    await Promise.all([fetch(link, pressed), fetch(link, pressed)]);
    shown = await until(async () => {
      const page = await pageAt(link);
      return page.includes('<h1>Restarted</h1>') ? page : undefined;
    });
  });

  it('has all of them delivered, each once, and nothing else', async () => {
    const restarts = await Promise.all(
      gathered.map(async (id) => {
        const { body } = await service.get<{ restarted_as: string }>(`/v1/executions/${id}`);
        return body.restarted_as;
      }),
    );
    for (const id of restarts) {
      await until(async () => {
        const { body } = await service.get<{ status: string }>(`/v1/executions/${id}`);
        return body.status === 'delivered' || undefined;
      });
    }

    const called = receiver.requests.slice(4).map(({ json }) => json['execution_id']);
    expect(called.sort()).toEqual(restarts.sort());
  });

  it('leads to a page that says how many were restarted', () => {
    expect(shown).toContain('<strong>3</strong> of 3 restarted');
  });

  it('is one bulk operation, that of the mail', async () => {
    const { body } = await service.get<{ items: object[] }>('/v1/bulk-operations');

    expect(body.items).toMatchObject([
      { id: expect.stringMatching(/^mail-retry-/) as string, status: 'ended' },
    ]);
  });

  it('leaves nothing for the command line, which the mail names, to do', async () => {
    const [, notice] = /--notice (\S+)/.exec(digest.mail.text ?? '') ?? [];
    const body = { id: 'by-hand', action: 'restart_from_failed', filter: { notice } };
    await service.call('POST', '/v1/bulk-operations', body);
    const report = await until(async () => {
      const { body: found } = await service.get('/v1/bulk-operations/by-hand');
      return found['status'] === 'ended' ? found : undefined;
    });

    expect(report).toMatchObject({
      progress: { selected: 3, done: 0, refused: { 'it was restarted before': 3 } },
    });
  });
});

it('a mail of one execution has a page for that one', async () => {
  expect(await pageAt(linkIn(first, 'retry'))).toContain(
    '<button type="submit">Restart 1 execution</button>',
  );
});
