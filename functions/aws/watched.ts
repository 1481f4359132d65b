/**
 * Stands around every call: it makes the call and returns its answer. Counts for the benchmarks; a test crashes before or
 * after the n-th, or asks whether the function has the right to make it.
 */
export type CallWatcher = (service: string, operation: string, call: () => Promise<unknown>, input: unknown) => Promise<unknown>;

interface Watchable {
  middlewareStack: { add(middleware: unknown, options: { step: 'initialize'; name: string }): void };
}

/** The client itself, with somebody around each of its calls. @param service as the watcher knows it */
export function watched<C extends Watchable>(service: string, client: C, watcher: CallWatcher | undefined): C {
  if (watcher) client.middlewareStack.add(watching(service, watcher), { step: 'initialize', name: 'callWatcher' });
  return client;
}

type Args = { input: unknown };
type Next = (args: Args) => Promise<unknown>;

function watching(service: string, watcher: CallWatcher) {
  return (next: Next, context: { commandName?: string }) => (args: Args) =>
    watcher(service, (context.commandName ?? 'unknown').replace(/Command$/, ''), () => next(args), args.input);
}
