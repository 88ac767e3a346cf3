/** The scales on which scorecards are measured: grades, factors, severities. Source of all three: the original's API. */

/** Best first. A 90-100, B 80-89, C 70-79, D 60-69, F below 60. */
export const GRADES = ['A', 'B', 'C', 'D', 'F'] as const;
export type Grade = (typeof GRADES)[number];

export const FACTORS = [
  'network_security',
  'dns_health',
  'patching_cadence',
  'endpoint_security',
  'ip_reputation',
  'application_security',
  'cubit_score',
  'hacker_chatter',
  'leaked_information',
  'social_engineering',
] as const;

/** Least severe first. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The grade of a score (0..100). Scores may be fractional and are not rounded: 89.5 is a B. */
export function gradeOf(score: number): Grade {
  if (score >= 90) return 'A';
  if (score >= 80) return 'B';
  if (score >= 70) return 'C';
  return score >= 60 ? 'D' : 'F';
}

/** Whether `a` is a better grade than `b`; false for equal ones. */
export function isBetter(a: Grade, b: Grade): boolean {
  return GRADES.indexOf(a) < GRADES.indexOf(b);
}

/** Whether `a` is as severe as `b`, or more. */
export function isAtLeast(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b);
}
