import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { failureTypes } from '../shared/activity-failures';
import type { Hold } from '../shared/hold';

/** The failure of an activity that is to make no call for now: no attempt, and nobody's trouble. */
export function held(hold: Hold): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.held,
    message: hold.reason,
    nonRetryable: true,
    details: [hold],
    category: ApplicationFailureCategory.BENIGN,
  });
}
