import type { ApiApp } from './app';

/** A request that was answered. */
export interface AnsweredRequest {
  method: string;
  /** As it is declared, e.g. `/v1/rules/:id`; undefined: there is none for it. */
  route: string | undefined;
  status: number;
  /** Until the answer's end. */
  seconds: number;
}

/** Tells of each request that was answered. */
export function tellOfAnswers(app: ApiApp, tell: (request: AnsweredRequest) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    tell({ method, route: routeOptions.url, status: reply.statusCode, seconds: reply.elapsedTime / 1_000 });
    done();
  });
}
