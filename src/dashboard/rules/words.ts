/** The names that a rule can have in it, as people read them. A test holds them to the rules' own schema. */

export const KINDS = {
  score_drop_threshold: 'the score drops below',
  score_rise_threshold: 'the score rises to',
  grade_drop: 'the grade gets worse',
  grade_raise: 'the grade gets better',
  factor_score_drop_threshold: 'a factor’s score drops below',
  factor_score_rise_threshold: 'a factor’s score rises to',
  factor_grade_drop: 'a factor’s grade gets worse',
  factor_grade_raise: 'a factor’s grade gets better',
  new_issues: 'new issues appear',
  breach_reported: 'a breach is reported',
} as const;
export type Kind = keyof typeof KINDS;

export const FACTORS = {
  network_security: 'Network security',
  dns_health: 'DNS health',
  patching_cadence: 'Patching cadence',
  endpoint_security: 'Endpoint security',
  ip_reputation: 'IP reputation',
  application_security: 'Application security',
  cubit_score: 'Cubit score',
  hacker_chatter: 'Hacker chatter',
  leaked_information: 'Leaked information',
  social_engineering: 'Social engineering',
} as const;

/** Least severe first. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;

export const DROP_GRADES = ['B', 'C', 'D', 'F'] as const;
export const RAISE_GRADES = ['A', 'B', 'C', 'D'] as const;

export const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;

export function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(KINDS, value);
}

export function isOfFactors(kind: Kind): boolean {
  return kind.startsWith('factor_');
}

export function isOfThreshold(kind: Kind): boolean {
  return kind.endsWith('_threshold');
}

export function isOfGrade(kind: Kind): boolean {
  return kind.includes('grade');
}

/** The grades that a change of this kind can lead to. */
export function gradesOf(kind: Kind): readonly string[] {
  return kind.endsWith('_drop') ? DROP_GRADES : RAISE_GRADES;
}

/** "a", "a and b", "a, b and c" */
export function listed(names: readonly string[], word = 'and'): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1) ?? ''}`;
}

export function factorName(factor: string): string {
  return Object.hasOwn(FACTORS, factor) ? FACTORS[factor as keyof typeof FACTORS] : factor;
}

/** What becomes of a run that is due while the one before it still starts its executions. */
export const OVERLAPS = {
  skip: 'leave the new run out',
  buffer_one: 'let one new run wait',
  buffer_all: 'let all new runs wait',
  allow_all: 'run both at once',
} as const;

export type Overlap = keyof typeof OVERLAPS;
