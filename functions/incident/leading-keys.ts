import type { TableKeys } from '../../runbooks/language/rights/making.ts';
import {
  ASIDE_CLAIMS,
  FINISHED_REVIEWS,
  HELD_CLAIMS,
  key,
  OPEN_INCIDENTS,
  OPEN_INDEX,
  OPEN_REVIEWS,
  OPENING_CLAIMS,
  PAST_INCIDENTS,
  SENT_PAGES,
  UNDO_DEBTS,
  WAITING_PAGES,
} from './table.ts';

/** The table's partitions, as a policy's `dynamodb:LeadingKeys` names them: made by the same functions that make the keys. */
export const LEADING_KEYS: TableKeys = {
  incidents: key.incident('*').pk,
  /** A dedup key begins with its version and its system: see `dedupKey`. */
  claims: (system) => key.claim(`v1:${system}:*`).pk,
  lock: (system) => key.lock(system).pk,
  breakers: (system) => key.breaker(system, '*', '*').pk,
  mode: (scope) => key.mode(scope).pk,
  maintenance: (system) => key.maintenance(system).pk,
  pace: (topic) => key.pace(topic).pk,
  tokens: key.token('*').pk,
  index: OPEN_INDEX,
  open: OPEN_INCIDENTS,
  past: PAST_INCIDENTS,
  opening: OPENING_CLAIMS,
  held: HELD_CLAIMS,
  aside: ASIDE_CLAIMS,
  debts: UNDO_DEBTS,
  waiting: WAITING_PAGES,
  sent: SENT_PAGES,
  reviews: OPEN_REVIEWS,
  finishedReviews: FINISHED_REVIEWS,
};
