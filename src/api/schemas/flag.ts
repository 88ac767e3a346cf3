import { z } from 'zod';

/** A query parameter that is `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
