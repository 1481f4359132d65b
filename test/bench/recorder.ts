import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallWatcher } from '../../functions/aws/watched.ts';

/** One call of an AWS API by one of the functions. */
export interface Call {
  service: string;
  operation: string;
  /** The invocation that made it; 0 outside of any. */
  invocation: number;
  /** When it was answered, in milliseconds of `performance.now()`. */
  answeredAt: number;
  /** As the SDK's middleware gives it: the output, and the raw response. */
  answer: unknown;
}

/** Writes down every AWS call that the functions make, and whose invocation it belongs to. */
export interface Recorder {
  watcher: CallWatcher;
  invocation: <T>(invocation: () => Promise<T>) => Promise<T>;
  /** In the order in which they were answered; those that failed are among them. */
  calls(): readonly Call[];
  /** How many invocations began. */
  invocations(): number;
  /** How many have begun and not ended. */
  underWay(): number;
  /** The next call that is of this kind. */
  next(wanted: (call: Call) => boolean): Promise<Call>;
  /** Forgets what was written down, but not who waits. */
  forget(): void;
}

export function recorder(): Recorder {
  const current = new AsyncLocalStorage<number>();
  let calls: Call[] = [];
  let begun = 0;
  let ended = 0;
  let waiting: { wanted: (call: Call) => boolean; give: (call: Call) => void }[] = [];

  const note = (call: Call) => {
    calls.push(call);
    for (const one of waiting.filter(({ wanted }) => wanted(call))) {
      waiting = waiting.filter((other) => other !== one);
      one.give(call);
    }
  };
  return {
    watcher: async (service, operation, call) => {
      let answer: unknown;
      try {
        answer = await call();
        return answer;
      } finally {
        note({ service, operation, invocation: current.getStore() ?? 0, answeredAt: performance.now(), answer });
      }
    },
    invocation: async (invocation) => {
      begun += 1;
      try {
        return await current.run(begun, invocation);
      } finally {
        ended += 1;
      }
    },
    calls: () => calls,
    invocations: () => begun,
    underWay: () => begun - ended,
    next: (wanted) => new Promise((give) => waiting.push({ wanted, give })),
    forget: () => {
      calls = [];
    },
  };
}

/** How often each operation was called, such as `{ "dynamodb PutItem": 3 }`, in the order of their names. */
export function tallied(calls: readonly Call[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { service, operation } of calls) {
    const name = `${service} ${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}
