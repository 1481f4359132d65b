/** The shape of the one table. Every key is made here and nowhere else. */

export interface Key {
  pk: string;
  sk: string;
}

/** The index of what is open, by severity and time. Items without these keys are not in it. */
export const OPEN_INDEX = 'open';
export const OPEN_INCIDENTS = 'OPEN';
/** Incidents that are over, by the time of their resolution. */
export const PAST_INCIDENTS = 'PAST';
/** Claims whose incident is still being written: an old one is completed by whoever meets it, or by `watch`. */
export const OPENING_CLAIMS = 'OPENING';
export const HELD_CLAIMS = 'HELD';
/** Claims of alarms that are worked on: they count, and open nothing until the maintenance is over. */
export const ASIDE_CLAIMS = 'ASIDE';
/** Acts that still owe an undo, by when it is due. */
export const UNDO_DEBTS = 'DEBT';

/** Pages that wait until the person whom they are for may be sent another mail. */
export const WAITING_PAGES = 'WAITING';
/** Pages that went out, by when. */
export const SENT_PAGES = 'SENT';

/** Reviews that are being written, by when they are due; and those that are finished, by when. */
export const OPEN_REVIEWS = 'REVIEW';
export const FINISHED_REVIEWS = 'REVIEWED';

/** What a review is filed under, beside its incident. */
export const REVIEW_KEY = 'REVIEW';

const incident = (id: string) => `INCIDENT#${id}`;
const three = (n: number) => String(n).padStart(3, '0');

export const key = {
  claim: (dedupKey: string): Key => ({ pk: `CLAIM#${dedupKey}`, sk: 'CLAIM' }),
  incident: (id: string): Key => ({ pk: incident(id), sk: 'INCIDENT' }),
  event: (id: string, at: string, eventKey: string): Key => ({ pk: incident(id), sk: `EVENT#${at}#${eventKey}` }),
  look: (id: string, run: number, pass: number, step: string, host: string): Key => ({
    pk: incident(id),
    sk: `STEP#${three(run)}#${three(pass)}#${step}#${host}`,
  }),
  act: (id: string, run: number, step: string, host: string): Key => ({
    pk: incident(id),
    sk: `ACT#${three(run)}#${step}#${host}`,
  }),
  evidence: (id: string, evidenceId: string): Key => ({ pk: incident(id), sk: `EVIDENCE#${evidenceId}` }),
  approval: (id: string, approvalId: string): Key => ({ pk: incident(id), sk: `APPROVAL#${approvalId}` }),
  page: (id: string, generation: number, rung: number, contact: string, about = ''): Key => ({
    pk: incident(id),
    sk: `PAGE#${three(generation)}#${three(rung)}#${contact}${about && `#${about}`}`,
  }),
  pagerduty: (id: string, generation: number, contact: string): Key => ({
    pk: incident(id),
    sk: `PAGERDUTY#${three(generation)}#${contact}`,
  }),
  /** @param heard the id of what was said from outside, once */
  heard: (id: string, heard: string): Key => ({ pk: incident(id), sk: `HEARD#${heard}` }),
  review: (id: string): Key => ({ pk: incident(id), sk: REVIEW_KEY }),
  lock: (system: string): Key => ({ pk: `LOCK#${system}`, sk: 'LOCK' }),
  breaker: (system: string, verb: string, resource: string): Key => ({
    pk: `BREAKER#${system}#${verb}#${resource}`,
    sk: 'BREAKER',
  }),
  mode: (scope: string): Key => ({ pk: `MODE#${scope}`, sk: 'MODE' }),
  maintenance: (system: string): Key => ({ pk: `MAINTENANCE#${system}`, sk: 'MAINTENANCE' }),
  /** @param topic a person's own */
  pace: (topic: string): Key => ({ pk: `PACE#${topic}`, sk: 'PACE' }),
  /** @param hash of the token: whoever has only that finds it */
  token: (hash: string): Key => ({ pk: `TOKEN#${hash}`, sk: 'TOKEN' }),
};

/** Where the looks of one pass begin, for a query. */
export function looksOfPass(id: string, run: number, pass: number): Key {
  return { pk: incident(id), sk: `STEP#${three(run)}#${three(pass)}#` };
}

export function actsOfRun(id: string, run: number): Key {
  return { pk: incident(id), sk: `ACT#${three(run)}#` };
}

/** Pages and looks lie beside each other among an incident's items, so that one query finds both. `$` comes after `#`. */
export function pagesAndLooks(id: string): { pk: string; from: string; to: string } {
  return { pk: incident(id), from: 'PAGE#', to: 'STEP$' };
}

export function everythingOf(id: string): string {
  return incident(id);
}

/** Whose an item is, by its partition: the other way round. */
export function incidentOfKey(pk: string): string {
  return pk.slice(incident('').length);
}

/** CreateTable's input but for the name: what the stack and local mode both make. */
export const TABLE_SHAPE = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'gsiPk', AttributeType: 'S' },
    { AttributeName: 'gsiSk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: OPEN_INDEX,
      KeySchema: [
        { AttributeName: 'gsiPk', KeyType: 'HASH' },
        { AttributeName: 'gsiSk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} as const;
