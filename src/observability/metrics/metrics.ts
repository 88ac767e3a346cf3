import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { AnsweredRequest } from '../../api/answered-requests';
import type { EventIntake } from '../../ingest/event-intake';
import type { MailTransport } from '../../mail/transport';
import type { RoomFigures } from './room-figures';
import type { Installation } from './installation-figures';

/** What is counted and measured in this process: wraps, listens to and asks those who do the work, who know nothing of it. */
export interface Metrics {
  /** Counts the executions that a client starts. */
  clientInterceptors: WorkflowClientInterceptor[];
  /** Count attempts and messages to channels. */
  activityInterceptors: ActivityInterceptorsFactory[];
  /** Absent: nobody wants to be told. */
  answered?: (request: AnsweredRequest) => void;
  countMails(mail: MailTransport): MailTransport;
  countEvents(intake: EventIntake): EventIntake;
  /** From now on, a scrape shows how full it is. */
  showRoom(room: RoomFigures): void;
  /** From now on, a scrape shows what Temporal and the store have, for all processes. */
  showInstallation(installation: Installation): void;
}

/** Where nothing is counted: everything is as if there were no metrics. */
export const NO_METRICS: Metrics = {
  clientInterceptors: [],
  activityInterceptors: [],
  countMails: (mail) => mail,
  countEvents: (intake) => intake,
  showRoom: () => undefined,
  showInstallation: () => undefined,
};
