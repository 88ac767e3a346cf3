import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { escalationMail } from '../../../src/mail/escalation-mail';
import { createMailTransport } from '../../../src/mail/transport';

const message = escalationMail({
  workspace: 'acme',
  executionId: '6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d',
  ruleName: 'Größe 👍',
  url: `https://hooks.example.com/${'x'.repeat(1_500)}`,
  error: '503 Service Unavailable',
  to: { name: 'Ada Łovelace', address: 'ada@example.com' },
  from: 'Rule Builder <rules@example.org>',
  pages: { execution: 'https://rules.example.org/x', retry: 'https://rules.example.org/y' },
});
const FILE = '6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d.eml';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'mail-'));
  folder = path.join(parent, 'data', 'mail');
});

afterEach(async () => {
  await rm(parent, { recursive: true });
});

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

describe('a mail sent into the folder', () => {
  it('is a file named by the execution', async () => {
    await createMailTransport({ folder }).send(message);

    expect(await readdir(folder)).toEqual([FILE]);
  });

  it('is reported with its Message-ID and its path', async () => {
    const sent = await createMailTransport({ folder }).send(message);

    expect(sent).toEqual({ messageId: message.messageId, receipt: path.join(folder, FILE) });
  });

  it('is read again with the same text', async () => {
    await createMailTransport({ folder }).send(message);
    const { text } = await simpleParser(await readFile(path.join(folder, FILE)));

    expect(text).toBe(message.text);
  });

  it('is read again with the same recipient', async () => {
    await createMailTransport({ folder }).send(message);
    const { to } = await simpleParser(await readFile(path.join(folder, FILE)));

    expect(to).toMatchObject({ value: [message.to] });
  });

  it('ends each line in CR LF, as RFC 822 has it', async () => {
    await createMailTransport({ folder }).send(message);

    expect(await readFile(path.join(folder, FILE), 'latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
  });

  it('has no line longer than SMTP takes', async () => {
    await createMailTransport({ folder }).send(message);
    const lines = (await readFile(path.join(folder, FILE), 'latin1')).split('\r\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  it('replaces the file when it is sent again', async () => {
    const transport = createMailTransport({ folder });
    await transport.send(message);
    await transport.send({ ...message, text: 'the second time' });

    expect(await readdir(folder)).toEqual([FILE]);
    expect(await readFile(path.join(folder, FILE), 'utf8')).toContain('the second time');
  });

  it('leaves one whole file when two workers send it at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => createMailTransport({ folder }).send(message)));

    expect(await readdir(folder)).toEqual([FILE]);
  });

  it('stays inside the folder whatever its id holds', async () => {
    const { receipt } = await createMailTransport({ folder }).send({ ...message, id: '../../escaped' });

    expect(path.dirname(receipt)).toBe(folder);
  });
});

describe('what others on the machine may read', () => {
  it('is not the folder', async () => {
    await createMailTransport({ folder }).send(message);

    expect(await modeOf(folder)).toBe('700');
  });

  it('is not the mail', async () => {
    await createMailTransport({ folder }).send(message);

    expect(await modeOf(path.join(folder, FILE))).toBe('600');
  });
});

it('names the folder and the reason when it cannot be written', async () => {
  const file = path.join(parent, 'not-a-folder');
  await writeFile(file, '');

  await expect(createMailTransport({ folder: file }).send(message)).rejects.toThrow(
    new RegExp(`^Mail folder ${file}: E(?:EXIST|NOTDIR)`),
  );
});

it('leaves no temporary file behind when the mail cannot take its name', async () => {
  await mkdir(path.join(folder, FILE), { recursive: true });

  await expect(createMailTransport({ folder }).send(message)).rejects.toThrow('Mail folder');
  expect(await readdir(folder)).toEqual([FILE]);
});

it('says at the start where mail goes', () => {
  expect(createMailTransport({ folder: 'data/mail' }).describe()).toBe(
    'files in data/mail (no SMTP server is set)',
  );
});
