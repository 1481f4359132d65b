import type { ChildProcess } from 'node:child_process';

/** A DynamoDB in a process of its own, on a port of 127.0.0.1 that was free. */
export interface Database {
  endpoint: string;
  stop(): Promise<void>;
}

/** Ends one process that this program has started, and waits for its end: at first in peace. */
export async function ended(child: ChildProcess, patienceMs = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(late);
}
