import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a name has: addresses of either family; no answer at all; or, when undefined, NXDOMAIN. */
export type DnsAnswer = readonly string[] | 'silence' | undefined;

/** @param nth how often the name was asked for before: who answers by that rebinds */
type AnswerTo = (name: string, nth: number, type: 'A' | 'AAAA') => DnsAnswer;

const A = 1;
const AAAA = 28;

/** A real name server on loopback, over UDP, which says what it is told to; NXDOMAIN of all other names. */
export class DnsServer {
  /** Each name that was asked for, once for each question of type A. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: ReturnType<typeof createSocket>,
    private readonly answerTo: AnswerTo,
  ) {
    socket.on('message', (query, { port, address }) => {
      const reply = this.replyTo(query);
      if (reply) socket.send(reply, port, address);
    });
  }

  static async start(answerTo: AnswerTo): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new DnsServer(socket, answerTo);
  }

  /** In the form of `Resolver.setServers`. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private replyTo(query: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    const nth = this.asked.filter((each) => each === name).length;
    if (type === A) this.asked.push(name);
    // The two questions of a look-up count as one: A is asked first.
    const answer = type === A ? this.answerTo(name, nth, 'A') : this.answerTo(name, nth - 1, 'AAAA');
    if (answer === 'silence') return undefined;
    const fitting = (answer ?? []).filter((each) => isIPv4(each) === (type === A));
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(answer === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(fitting.length, 6);
    const question = query.subarray(12, at + 5);
    return Buffer.concat([header, question, ...fitting.map((each) => record(type, each))]);
  }
}

/** The address of the name in the question, for no time at all. */
function record(type: number, address: string): Buffer {
  const data = Buffer.from(ipaddr.parse(address).toByteArray());
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type === A ? A : AAAA, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
