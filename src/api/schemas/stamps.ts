import { z } from 'zod';
import type { Stamped } from '../../store/record';

/** What an answer says about each thing that has versions. */
export const stamps = {
  version: z.int().min(1).meta({ description: '1, 2, …' }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  updated_by: z.string().meta({ description: 'E.g. `key/<id>`.' }),
};

/** The same in a body: there when somebody edits an answer and sends it back, and without effect. */
export const ignoredStamps = {
  version: ignored(),
  created_at: ignored(),
  updated_at: ignored(),
  updated_by: ignored(),
};

export function ignored() {
  return z.unknown().optional().meta({ readOnly: true, description: 'Without effect.' });
}

export function stampsOf({ version, createdAt, updatedAt, updatedBy }: Stamped) {
  return { version, created_at: createdAt, updated_at: updatedAt, updated_by: updatedBy };
}
