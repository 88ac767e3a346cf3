/** The database cannot be reached just now. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError';
}

/** There is nothing by that id in the workspace. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** There is something by that id already. */
export class AlreadyExistsError extends Error {
  override readonly name = 'AlreadyExistsError';
}

/** It has another version than the caller believed. */
export class VersionMismatchError extends Error {
  override readonly name = 'VersionMismatchError';

  constructor(
    message: string,
    /** The version that it has. */
    readonly actual: number,
  ) {
    super(message);
  }
}

/** Something that matching depends on has changed since an event's matches were decided. */
export class StaleMatchesError extends Error {
  override readonly name = 'StaleMatchesError';
}

/** Something still refers to it. */
export class InUseError extends Error {
  override readonly name = 'InUseError';
}

/** A document names something that is not there. */
export class UnknownReferenceError extends Error {
  override readonly name = 'UnknownReferenceError';

  constructor(
    /** Where in the document, in the form of `Problem.path`. */
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}
