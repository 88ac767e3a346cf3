import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Access, Caller } from './auth';
import type { Span } from '../tracing/tracing';

/** The server that routes are added to: what handlers get and give is typed by the schemas of their route. */
export type ApiApp = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. Every route says it. */
    access?: Access;
    /** The key stands in the address, as its parameter `key`, for what cannot send headers. */
    keyInAddress?: boolean;
    /** Its requests bring events, with which traces begin. */
    traced?: boolean;
  }
  interface FastifyRequest {
    /** Whose valid key came with the request. */
    caller: Caller | undefined;
    /** Of a `traced` route, when tracing is on. */
    span: Span | undefined;
  }
}
