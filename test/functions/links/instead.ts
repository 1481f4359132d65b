import type { Store } from '../../../functions/aws/table/store.ts';

type Way = (name: string, call: () => unknown) => unknown;

/** A part of the store whose calls go another way. */
export function instead<T extends object>(part: T, way: Way): T {
  return new Proxy(part, {
    get(of, name) {
      const own: unknown = Reflect.get(of, name, of);
      return typeof own === 'function' ? (...given: unknown[]) => way(String(name), () => Reflect.apply(own, of, given)) : own;
    },
  });
}

/** A store of which one kind of call does not get through. */
export function without(store: Store, part: keyof Store, call: string): Store {
  const way: Way = (name, own) => (name === call ? Promise.reject(new Error('no route to the table')) : own());
  return { ...store, [part]: instead(store[part], way) };
}

/**
 * A store whose caller dies at one of its calls, from 1: the call never comes back.
 * @param when whether the call is made all the same
 */
export function deadly(store: Store, at: number, when: 'before' | 'after'): { store: Store; died: Promise<'died'> } {
  const { promise: died, resolve } = Promise.withResolvers<'died'>();
  let calls = 0;
  const way: Way = async (_name, own) => {
    calls += 1;
    if (calls < at) return own();
    if (calls === at && when === 'after') await own();
    resolve('died');
    return new Promise<never>(() => {});
  };
  const { claims, incidents, steps, people, controls, maintenances, links, pacing, reviews } = store;
  return {
    died,
    store: {
      claims: instead(claims, way),
      incidents: instead(incidents, way),
      steps: instead(steps, way),
      people: instead(people, way),
      controls: instead(controls, way),
      maintenances: instead(maintenances, way),
      links: instead(links, way),
      pacing: instead(pacing, way),
      reviews: instead(reviews, way),
    },
  };
}
