/**
 * A fact that a diagnosis should have given and did not. Not a mistake: the host did not answer, or the output could
 * not be read. Whatever depends on the fact is refused, and a person hears its name.
 */
export class MissingFact extends Error {
  override name = 'MissingFact';
  readonly fact: string;
  constructor(fact: string) {
    super(`the fact "${fact}" is missing`);
    this.fact = fact;
  }
}

/** The facts of one pass on one host, with those seen from outside. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * Facts that remember which of them were read, so that only what an act depends on must be fresh, and that throw
 * {@link MissingFact} for one that is not there.
 */
export function watched(facts: Facts): { facts: Facts; read: ReadonlySet<string> } {
  const read = new Set<string>();
  const proxy = new Proxy(facts, {
    get(target, name) {
      if (typeof name === 'symbol') return undefined;
      read.add(name);
      if (!Object.hasOwn(target, name)) throw new MissingFact(name);
      return target[name];
    },
  });
  return { facts: proxy, read };
}
