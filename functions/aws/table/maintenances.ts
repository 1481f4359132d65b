import { Claim } from '../../incident/claim.ts';
import { Register } from '../../incident/maintenance.ts';
import { ASIDE_CLAIMS, key, OPEN_INDEX, OPENING_CLAIMS } from '../../incident/table.ts';
import { readEach, type Unreadable } from './incidents.ts';
import { Conflict, type Items, read } from './items.ts';
import { gathered, toClaim } from './sources.ts';

const MOST_TRIES = 20;

/** Which systems are worked on, and when; and the claims of their alarms, which open nothing meanwhile. */
export class Maintenances {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /** The windows of a system; `undefined` where it never had one. */
  async of(system: string): Promise<Register | undefined> {
    const item = await this.items.get(key.maintenance(system));
    return item && read(Register, item);
  }

  /**
   * Replaces the register by what `change` makes of it. Reads and writes until nobody else wrote in between.
   * @returns the register as it is now; unchanged where `change` returned `undefined`
   */
  async change(system: string, change: (register: Register) => Register | undefined): Promise<Register> {
    for (let tries = 1; ; tries += 1) {
      const before = (await this.of(system)) ?? { v: 1, system, windows: [], revision: 0 };
      const after = change(before);
      if (!after) return before;
      const next = Register.parse({ ...after, revision: before.revision + 1 });
      try {
        await this.items.update(key.maintenance(system), {
          expression: 'SET v = :v, #system = :system, windows = :windows, revision = :next',
          condition: before.revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :was',
          names: { '#system': 'system' },
          values: {
            ':v': next.v,
            ':system': system,
            ':windows': next.windows,
            ':next': next.revision,
            ...(before.revision > 0 && { ':was': before.revision }),
          },
        });
        return next;
      } catch (error) {
        if (!(error instanceof Conflict) || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** Opens nothing for as long as it is worked on. @returns false where somebody else has taken it further already */
  async putAside(claim: Claim, window: string): Promise<boolean> {
    const set = 'SET #state = :aside, gsiPk = :asides, #window = :window';
    const values = { ':aside': 'aside', ':asides': ASIDE_CLAIMS, ':window': window, ':was': 'opening' };
    return (await this.turn(claim, set, values, { '#window': 'window' })) !== undefined;
  }

  /** The other way round, once: it is an alarm like any other that has just come. */
  async takeUp(claim: Claim, now: string): Promise<Claim | undefined> {
    const set = 'SET #state = :opening, gsiPk = :openings, gsiSk = :now, openingSince = :now REMOVE #last';
    const values = { ':opening': 'opening', ':openings': OPENING_CLAIMS, ':now': now, ':was': 'aside' };
    return this.turn(claim, set, values, { '#last': 'last' });
  }

  /** Claims that were put aside. @param unreadable takes what is none of our records; without it, that throws */
  async aside(unreadable?: Unreadable): Promise<Claim[]> {
    return readEach(Claim, (await this.items.queryIndex(OPEN_INDEX, ASIDE_CLAIMS)).map(gathered), unreadable);
  }

  private async turn(claim: Claim, set: string, values: object, names: Record<string, string>): Promise<Claim | undefined> {
    try {
      const item = await this.items.update(key.claim(claim.dedupKey), {
        expression: set,
        condition: 'incidentId = :id AND #state = :was',
        names: { '#state': 'state', ...names },
        values: { ...values, ':id': claim.incidentId },
      });
      return toClaim(item);
    } catch (error) {
      if (error instanceof Conflict) return undefined;
      throw error;
    }
  }
}
