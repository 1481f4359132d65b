import type { Surroundings } from '../../../functions/surroundings.ts';
import type { Contact } from '../../../runbooks/language/contact.ts';
import { type Console, console } from '../console/console.ts';
import { type PagerdutyServer, pagerdutyServer } from './pagerduty-server.ts';

export const KEYS: Readonly<Record<string, string>> = {
  '/firebreak/pagerduty/oncall': '0123456789abcdef0123456789ABCDEF',
  '/firebreak/pagerduty/lead': 'fedcba9876543210fedcba9876543210',
  '/firebreak/pagerduty/typo': 'no key at all',
  '/firebreak/pagerduty/webhook': 'the secret of the subscription',
};
export const grace: Contact = { name: 'Grace Hopper', email: 'grace@example.com', pagerduty: '/firebreak/pagerduty/oncall' };
export const ada: Contact = { name: 'Ada Lovelace', pagerduty: '/firebreak/pagerduty/lead' };

export interface WithPagerduty {
  system: Console;
  pagerduty: PagerdutyServer;
  /** What the functions find around them: people with services of PagerDuty. */
  around: Surroundings;
}

/** The responder, and a PagerDuty beside it. Only the parameters are the test's own. */
export async function withPagerduty(): Promise<WithPagerduty> {
  const [system, pagerduty] = [await console(), await pagerdutyServer()];
  const { config } = system.around;
  const around: Surroundings = {
    ...system.around,
    config: {
      ...config,
      staffOf: (id) => ({ ...config.staffOf(id), oncall: [grace], lead: [ada] }),
      pagerduty: { eventsUrl: pagerduty.url, webhookSecret: '/firebreak/pagerduty/webhook' },
    },
    parameters: {
      secret: async (name) => {
        const value = KEYS[name];
        if (value === undefined) throw new Error(`the parameter ${name} can not be read: ParameterNotFound`);
        return value;
      },
    },
  };
  return { system, pagerduty, around };
}
