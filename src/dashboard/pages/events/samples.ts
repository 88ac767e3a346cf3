import { sampleOf } from './schema-sample';

/** An event to begin with. */
export interface Sample {
  name: string;
  event: object;
}

const about = { type: 'scorecard.changed', scorecard_id: 'example.com', domain: 'example.com' };

const OF_SCORECARDS: readonly Sample[] = [
  {
    name: 'A score and a factor drop',
    event: {
      ...about,
      previous: { score: 92, factors: { network_security: 92 } },
      current: { score: 74, factors: { network_security: 71 } },
    },
  },
  {
    name: 'New issues',
    event: {
      ...about,
      issues: {
        csp_no_policy_v2: { active: { count: 26 }, severity: 'medium' },
        domain_missing_https_v2: { active: { count: 15 }, severity: 'high' },
      },
    },
  },
  {
    name: 'A breach is reported',
    event: {
      ...about,
      breach: {
        domain: 'example.com',
        company_name: 'Example Company',
        root_cause: 'hacked',
        records_lost: 10_000,
        description: 'Details of accounts were exposed.',
      },
    },
  },
];

/** A type of the workspace’s own events. */
interface OwnType {
  name: string;
  /** JSON Schema of the `data`; null: anything goes. */
  schema: Record<string, unknown> | null;
}

/** Samples of the events that there are: changes of scorecards, and the workspace's own types. */
export function samplesOf(types: readonly OwnType[]): Sample[] {
  return [
    ...OF_SCORECARDS,
    ...types.map(({ name, schema }) => ({ name, event: { type: name, data: dataOf(schema) } })),
  ];
}

function dataOf(schema: OwnType['schema']): unknown {
  const sample = sampleOf(schema ?? {});
  // The API wants an object, whatever the schema leaves open.
  return typeof sample === 'object' && sample !== null && !Array.isArray(sample) ? sample : {};
}
