/**
 * Stands around every call: it makes the call and returns its answer. Counts for the benchmarks; a test crashes before or
 * after the n-th.
 */
export type CallWatcher = (service: string, operation: string, call: () => Promise<unknown>) => Promise<unknown>;

interface Watchable {
  middlewareStack: { add(middleware: unknown, options: { step: 'initialize'; name: string }): void };
}

/** The client itself, with somebody around each of its calls. @param service as the watcher knows it */
export function watched<C extends Watchable>(service: string, client: C, watcher: CallWatcher | undefined): C {
  if (watcher) client.middlewareStack.add(watching(service, watcher), { step: 'initialize', name: 'callWatcher' });
  return client;
}

type Next = (args: unknown) => Promise<unknown>;

function watching(service: string, watcher: CallWatcher) {
  return (next: Next, context: { commandName?: string }) => (args: unknown) =>
    watcher(service, (context.commandName ?? 'unknown').replace(/Command$/, ''), () => next(args));
}
