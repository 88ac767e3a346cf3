import type { AnsweredRequest } from '../../api/answered-requests';
import { statusClass, type Instruments } from './instruments';

/** Counts the requests that the API has answered. */
export function countRequests({
  requests,
  requestDuration,
}: Instruments): (request: AnsweredRequest) => void {
  // Paths that nobody has declared are as many as people invent.
  return ({ method, route = 'none', status, seconds }) => {
    requests.inc({ method, route, status_class: statusClass(status) });
    requestDuration.observe({ method, route }, seconds);
  };
}
