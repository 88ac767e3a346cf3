import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { MailKind } from '../../mail/message';
import { failureTypes } from '../../shared/activity-failures';
import type { AddressedNotice, Notice } from '../../shared/notices';
import type { Instruments } from './instruments';

/** As mails that tell of the same are called. */
const KINDS: Record<Notice['type'], MailKind> = {
  'escalation.created': 'escalation',
  'escalations.gathered': 'digest',
  'destination.disabled': 'disabled',
  'destination.recovered': 'recovered',
};

/** Counts the messages to channels that were sent, and the tries that a channel did not take. */
export function countNotices({ notices }: Instruments): ActivityInterceptorsFactory {
  return ({ info }) =>
    info.activityType === 'deliverNotice'
      ? {
          inbound: {
            execute: async (input, next) => {
              const { target, notice } = input.args[0] as AddressedNotice;
              // Those that go out as mails are counted there.
              if (target.kind !== 'channel') return next(input);
              const kind = KINDS[notice.type];
              try {
                const report = await next(input);
                notices.inc({ kind, outcome: 'sent' });
                return report;
              } catch (error) {
                if (isRefusal(error)) notices.inc({ kind, outcome: 'failed' });
                throw error;
              }
            },
          },
        }
      : {};
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.type === failureTypes.noticeNotTaken;
}
