/**
 * How a Task failed, in the words of Step Functions: `name` is what Retry and Catch match, the message is the cause.
 * `States.Timeout`, `States.Runtime` and a function's own error names are such names.
 */
export class TaskError extends Error {
  /** The library reads both. `States.Runtime` can neither be retried nor caught. */
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
    this.isRetryable = name !== 'States.Runtime';
    this.isCatchable = name !== 'States.Runtime';
  }
}

/** A function's error as Step Functions tells of it: the error's name, and a cause in JSON. */
export function lambdaError(error: unknown): TaskError {
  if (error instanceof TaskError) return error;
  const known = error instanceof Error ? error : new Error(String(error));
  const trace = (known.stack ?? '').split('\n').map((line) => line.trim());
  return new TaskError(known.name, JSON.stringify({ errorType: known.name, errorMessage: known.message, trace }));
}
