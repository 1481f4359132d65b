import { AsyncLocalStorage } from 'node:async_hooks';
import { LEADING_KEYS } from '../../functions/incident/leading-keys.ts';
import { LOCAL_ACCOUNT, names } from '../../runbooks/language/names.ts';
import { permissions } from '../../runbooks/language/permissions.ts';
import type { Deployed } from '../../runbooks/language/rights/making.ts';
import { registry } from '../../runbooks/registry.ts';
import { type Whole, whole } from '../local/whole.ts';
import { type Call, demands } from './demands.ts';
import { allows, type Demand } from './iam.ts';

/** Local mode's account, as the rights are derived for it. */
export const LOCAL: Deployed = {
  names: names(),
  place: { partition: 'aws', region: 'us-east-1', account: LOCAL_ACCOUNT },
  keys: LEADING_KEYS,
  ...registry,
  hostTags: Object.fromEntries(registry.systems.map(({ id, settings }) => [id, settings.parse({}).hostTag])),
  clusters: { saveit: 'saveit' },
  inVpc: false,
};
export const RIGHTS = permissions(LOCAL);

export interface Watched extends Whole {
  /** Does something as a function does it: its calls are held against that function's rights. */
  as<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** What a function asked of AWS without the right to it. Empty is what must be. */
  denied(): string[];
  /** Every call that some function made, such as `firebreak-intake: states StartExecution`, each once. */
  made(): string[];
}

/**
 * The whole responder, where every call of a function is held against what its role allows.
 * @param at the time of the day at which it begins, `HH:MM` in UTC
 */
export async function withinRights(at?: string): Promise<Watched> {
  const caller = new AsyncLocalStorage<string>();
  const calls: Call[] = [];
  const system = await whole({
    monitoring: false,
    ...(at !== undefined && { at }),
    watcher: (service, operation, call, input) => {
      const of = caller.getStore();
      // What no function asks is the test's own question, or local mode's.
      if (of !== undefined) calls.push({ of, service, operation, input });
      return call();
    },
    invocation: (invocation, of) => caller.run(of, invocation),
  });
  const tagsOf = (id: string) => {
    const { tags } = system.simulation.fleet.instances().find(({ instanceId }) => instanceId === id) ?? {};
    return Object.entries(tags ?? {}).map(([key, value]) => `${key}=${value}`);
  };
  return {
    ...system,
    as: (name, work) => caller.run(name, work),
    denied: () => [
      ...new Set(
        calls.flatMap((call) =>
          demands(call, LOCAL, tagsOf)
            .filter((demand) => !may(call.of, demand))
            .map((demand) => said(call.of, demand)),
        ),
      ),
    ],
    made: () => [...new Set(calls.map(({ of, service, operation }) => `${of}: ${service} ${operation}`))].sort(),
  };
}

export function may(name: string, demand: Demand): boolean {
  return allows(RIGHTS.find(({ of }) => of === name)?.statements ?? [], demand);
}

function said(name: string, { action, resource, context }: Demand): string {
  return `${name}: ${action} on ${resource} ${JSON.stringify(context)}`;
}
