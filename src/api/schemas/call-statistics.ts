import { z } from 'zod';
import { statisticsOf, type CallStatistics } from '../../destinations/call-counts';

export const callFigures = {
  delivered: z.int(),
  failed: z.int(),
  success_rate: z.number().nullable().meta({ description: 'From 0 to 1. Null: there was no call.' }),
  latency_ms: z
    .object({ p50: z.int(), p95: z.int(), p99: z.int() })
    .nullable()
    .meta({ description: 'How long calls took, failed ones too. To within a fifth.' }),
};

export const callStatistics = z
  .object({ since: z.iso.datetime(), ...callFigures })
  .meta({ id: 'CallStatistics', description: 'How calls to a destination went.' });

/** @param found undefined: there was no call */
export function callStatisticsAnswer(
  since: string,
  found: CallStatistics = statisticsOf([]),
): z.input<typeof callStatistics> {
  return { since, ...callFiguresOf(found) };
}

export function callFiguresOf({ delivered, failed, successRate, latencyMs }: CallStatistics) {
  return { delivered, failed, success_rate: successRate, latency_ms: latencyMs };
}
