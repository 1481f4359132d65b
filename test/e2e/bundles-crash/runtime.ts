import { flushCompileCache, syncBuiltinESMExports } from 'node:module';
import nodeTimers from 'node:timers';
import { lambdaContext } from '../../../local/lambda-context.ts';
import type { FromEnvironment, ToEnvironment } from './messages.ts';

/**
 * Lambda's runtime: loads a bundle as it was built, and gives it one event after the other. `node runtime.ts <bundle>`.
 *
 * Its time is the stage's: `Date` stands still while there is something to do, and a timer that is all that is left to wait for
 * is told to the stage, which lets its own time pass until then. So no bundle needs to know that it is tested.
 */
interface Timer {
  at: number;
  fire: () => void;
  keepsWaiting: boolean;
}

/** The most that Lambda gives a function. */
const LIMIT_MS = 900_000;

const [bundle = ''] = process.argv.slice(2);
let now = 0;
let handler: ((event: unknown, context: unknown) => Promise<unknown>) | undefined;
let invoked = false;
const timers = new Set<Timer>();

globalThis.Date = new Proxy(Date, {
  construct: (date, given, target) => Reflect.construct(date, given.length === 0 ? [now] : given, target),
  get: (date, name) => (name === 'now' ? () => now : Reflect.get(date, name)),
});

const stageTimers = {
  setTimeout: (fire: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    const timer: Timer = { at: now + Math.max(0, ms), fire: () => fire(...given), keepsWaiting: true };
    timers.add(timer);
    const handle = {
      timer,
      ref: () => handle,
      unref: () => {
        timer.keepsWaiting = false;
        return handle;
      },
    };
    return handle;
  },
  clearTimeout: (handle?: { timer?: Timer }) => {
    if (handle?.timer) timers.delete(handle.timer);
  },
};
Object.assign(globalThis, stageTimers);
// Middy takes them from the module.
Object.assign(nodeTimers, stageTimers);
syncBuiltinESMExports();

process.on('message', (message: ToEnvironment) => {
  now = message.now;
  if (message.kind === 'invoke') void invoke(message.functionName, message.event);
  for (const timer of [...timers].filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at)) {
    timers.delete(timer);
    timer.fire();
  }
  // Node says when nothing is left to do but for this channel: see below.
  process.channel?.unref();
});

process.on('beforeExit', () => {
  process.channel?.ref();
  if (!invoked) return;
  const waits = [...timers].filter(({ keepsWaiting }) => keepsWaiting).map(({ at }) => at);
  if (waits.length > 0) say({ kind: 'sleeps', until: Math.min(...waits) });
  else ended({ kind: 'threw', name: 'Sandbox.Timedout', message: 'it waits for nothing, and has not returned' });
});

async function invoke(functionName: string, event: unknown): Promise<void> {
  invoked = true;
  try {
    handler ??= (await import(bundle)).handler;
    if (!handler) throw new Error(`${bundle} has no handler`);
    // Its end will be too sudden for that.
    flushCompileCache();
    const limit = now + LIMIT_MS;
    const context = { ...lambdaContext(functionName), getRemainingTimeInMillis: () => limit - now };
    ended({ kind: 'returned', result: (await handler(event, context)) ?? null });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    ended({ kind: 'threw', name, message });
  }
}

function ended(how: FromEnvironment): void {
  invoked = false;
  process.channel?.ref();
  say(how);
}

function say(message: FromEnvironment): void {
  process.send?.(message);
}
