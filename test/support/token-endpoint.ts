import type { ServerOptions } from 'node:https';
import type { Versioned } from '../../src/destinations/call-settings';
import type { OAuth2Credential } from '../../src/destinations/credential';
import { answerJson, Receiver, type Answer, type ReceivedRequest } from './receiver';

/** A real token endpoint, which gives the tokens `token-1`, `token-2`, … unless it is told otherwise. */
export class TokenEndpoint {
  private given = 0;
  private answer: Answer | undefined;

  private constructor(private readonly receiver: Receiver) {}

  static async start(tls?: ServerOptions): Promise<TokenEndpoint> {
    const receiver = await Receiver.start((request, response) => {
      (endpoint.answer ?? endpoint.giving({ expires_in: 3_600 }))(request, response);
    }, tls);
    const endpoint: TokenEndpoint = new TokenEndpoint(receiver);
    return endpoint;
  }

  get url(): string {
    return `${this.receiver.url}/token`;
  }

  get requests(): ReceivedRequest[] {
    return this.receiver.requests;
  }

  /** The forms that were sent, as objects. */
  get forms(): Record<string, string>[] {
    return this.requests.map(({ text }) => Object.fromEntries(new URLSearchParams(text)));
  }

  /** From now on. */
  answers(answer: Answer): void {
    this.answer = answer;
  }

  /** An answer with the next token, and this beside it. */
  giving(besides: object): Answer {
    return (request, response) => {
      this.given += 1;
      const token = { access_token: `token-${this.given}`, token_type: 'Bearer', ...besides };
      answerJson(200, token)(request, response);
    };
  }

  /** A credential whose tokens come from here. */
  credential(change: Partial<OAuth2Credential> = {}): Versioned<OAuth2Credential> {
    return {
      id: 'crm',
      version: 1,
      credential: {
        kind: 'oauth2',
        name: null,
        origins: ['https://crm.example.com'],
        token_url: this.url,
        client_id: 'our client',
        authentication: 'client_secret_basic',
        client_secret: 'canary+secret',
        ...change,
      },
    };
  }

  close(): Promise<void> {
    return this.receiver.close();
  }
}
