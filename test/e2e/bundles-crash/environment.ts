import { type ChildProcess, fork } from 'node:child_process';
import type { WorkingClock } from '../../../local/clocks.ts';
import { FromEnvironment, type ToEnvironment } from './messages.ts';

/** One environment of Lambda: a process with one bundle in it, which carries out one invocation at a time. */
export interface Environment {
  /** The function that it carries out. */
  readonly functionName: string;
  /** Rejects with the function's own error, or with `Runtime.ExitError` when the process has died. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** `kill -9`, whatever it is at. Resolves when the process is gone. */
  kill(): Promise<void>;
  alive(): boolean;
  /** It waits for another function: meanwhile time may pass. */
  waitingFor<T>(work: Promise<T>): Promise<T>;
}

export function environment(runtime: string, bundle: string, clock: WorkingClock, variables: NodeJS.ProcessEnv): Environment {
  const child = fork(runtime, [bundle], { env: variables, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let current: PromiseWithResolvers<unknown> | undefined;
  /** While this is there, the process is at work, and time stands still. */
  let atWork: PromiseWithResolvers<void> | undefined;

  const begin = () => {
    atWork ??= Promise.withResolvers<void>();
    void clock.during(atWork.promise);
  };
  const pause = () => {
    atWork?.resolve();
    atWork = undefined;
  };
  const say = (message: ToEnvironment) => {
    begin();
    child.send(message);
  };
  const end = (settle: (invocation: PromiseWithResolvers<unknown>) => void) => {
    const invocation = current;
    current = undefined;
    pause();
    if (invocation) settle(invocation);
  };

  child.on('message', (said) => {
    const message = FromEnvironment.parse(said);
    if (message.kind === 'returned') return end(({ resolve }) => resolve(message.result));
    if (message.kind === 'threw') return end(({ reject }) => reject(failure(message.name, message.message)));
    const ms = message.until - clock.now().getTime();
    const invocation = current;
    const slept = clock.sleep(ms);
    pause();
    void slept.then(() => {
      if (current === invocation && isAlive(child)) say({ kind: 'wake', now: clock.now().getTime() });
    });
  });
  void gone.then(() => end(({ reject }) => reject(failure('Runtime.ExitError', 'RequestId: 1 Error: Runtime exited'))));

  return {
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME ?? '',
    invoke: (functionName, event) => {
      current = Promise.withResolvers<unknown>();
      const { promise } = current;
      say({ kind: 'invoke', now: clock.now().getTime(), functionName, event });
      return promise;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    alive: () => isAlive(child),
    waitingFor: async (work) => {
      pause();
      try {
        return await work;
      } finally {
        if (current) begin();
      }
    },
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.connected;
}

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
