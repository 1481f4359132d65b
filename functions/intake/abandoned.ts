/** A claim that has been opening for longer than this was left by somebody who is gone: whoever meets it completes it. */
export const ABANDONED_MS = 60_000;
