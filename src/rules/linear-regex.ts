import { RE2JS } from 're2js';
import { MAX_MATCHED_LENGTH, MAX_MATCHING_WORK, MAX_PATTERN_LENGTH } from '../shared/limits';

/** A regular expression that cannot be used, and why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** More work than one value may cost. */
export class TooMuchWorkError extends Error {
  override readonly name = 'TooMuchWorkError';
}

/** What is left to spend on the value that is being looked at. */
export class WorkMeter {
  private left = 0;

  /** For the next value. */
  reset(units = MAX_MATCHING_WORK): void {
    this.left = units;
  }

  /** @throws TooMuchWorkError */
  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new TooMuchWorkError('it takes too long to look through the value');
  }
}

/** Repetition counts of a pattern, added up. Beyond it a short pattern becomes a program that takes long to compile. */
const MAX_REPETITIONS = 100;

/** Instructions of a compiled pattern, which is what each character of a string costs at worst. */
const MAX_PROGRAM_SIZE = 1_000;

/**
 * A regular expression in RE2's syntax (no lookaround, no backreferences). RE2 takes time in proportion to the string's
 * length *times the compiled pattern's size*, and 20 characters of pattern can compile to thousands of instructions:
 * so those are bounded too, and what a test may cost comes from a meter.
 */
export class LinearRegex {
  private constructor(
    private readonly compiled: RE2JS,
    private readonly size: number,
  ) {}

  /** @throws PatternError */
  static compile(pattern: string, options: { ignoreCase?: boolean } = {}): LinearRegex {
    if (pattern.length > MAX_PATTERN_LENGTH) {
      throw new PatternError(`must not be longer than ${MAX_PATTERN_LENGTH} characters`);
    }
    const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
    if (
      counts.reduce((sum, [, from, to]) => sum + Number(to === undefined || to === '' ? from : to), 0) >
      MAX_REPETITIONS
    ) {
      throw new PatternError(`must not repeat more than ${MAX_REPETITIONS} times, all its {n,m} added up`);
    }
    const compiled = compile(pattern, options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    const size = compiled.programSize();
    if (size > MAX_PROGRAM_SIZE) throw new PatternError('is too complex');
    return new LinearRegex(compiled, size);
  }

  /** Whether it is found in a text; a text longer than MAX_MATCHED_LENGTH is never looked at. @throws TooMuchWorkError */
  isIn(text: string, meter: WorkMeter): boolean {
    if (text.length > MAX_MATCHED_LENGTH) return false;
    meter.spend(this.size * (text.length + 1));
    return this.compiled.matcher(text).find();
  }
}

function compile(pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PatternError(`is no regular expression: ${reason.replace(/^error parsing regexp: /, '')}`);
  }
}
