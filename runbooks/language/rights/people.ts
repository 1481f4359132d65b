import {
  announces,
  answer,
  climb,
  indexStatement,
  type Making,
  measure,
  pacing,
  page,
  pagerdutyWebhook,
  READ,
  rights,
  start,
  tableStatement,
  WRITE,
} from './making.ts';
import type { Rights } from './statement.ts';

export function mode(making: Making): Rights {
  return setsModes(
    making,
    making.names.modeFunction,
    'The red button: sets a mode that is as strict as what is in force, or stricter.',
    'Writes a mode down. All scopes: everything, a system, a runbook. That it is not less strict is for the code to see to.',
  );
}

export function promote(making: Making): Rights {
  const { names, keys } = making;
  const record = 'Reads what the runbook did and would have done, which is written down with its promotion.';
  return setsModes(
    making,
    names.promoteFunction,
    'Sets any mode, so it can let a runbook do more. Whoever may invoke it decides what the automation may do.',
    'Writes a mode down. All scopes: everything, a system, a runbook.',
    [
      tableStatement(making, 'ReadRecord', ['dynamodb:Query'], [keys.incidents], record),
      indexStatement(making, [keys.open, keys.past], record),
    ],
  );
}

function setsModes(making: Making, name: string, about: string, whyWrite: string, more: Rights['statements'] = []): Rights {
  const modes = [making.keys.mode('*')];
  return rights(making, name, about, [
    tableStatement(making, 'ReadModes', READ, modes, 'Reads what is in force. All scopes: everything, a system, a runbook.'),
    tableStatement(making, 'WriteModes', ['dynamodb:PutItem', 'dynamodb:UpdateItem'], modes, whyWrite),
    ...more,
  ]);
}

export function approve(making: Making): Rights {
  const own = [making.keys.incidents];
  return rights(making, making.names.approveFunction, 'Approves or denies what a run asks for.', [
    tableStatement(
      making,
      'ReadIncidents',
      READ,
      own,
      "Reads an incident and its questions. All incidents: an incident's partition does not name its system.",
    ),
    tableStatement(
      making,
      'WriteIncidents',
      WRITE,
      own,
      'Records the decision before it is passed on, and tells it in the timeline. All incidents, for the same reason.',
    ),
    answer(making, 'Lets the waiting state go on as it was decided.'),
  ]);
}

export function console(making: Making): Rights {
  const { names, keys, systems } = making;
  const claims = systems.map(({ id }) => keys.claims(id));
  const locks = systems.map(({ id }) => keys.lock(id));
  const breakers = systems.map(({ id }) => keys.breakers(id));
  const storms = systems.map(({ id }) => keys.mode(`storm:${id}`));
  const maintenances = systems.map(({ id }) => keys.maintenance(id));
  return rights(
    making,
    names.consoleFunction,
    'Shows everything, and does what a person may do to an incident: but no approvals, and no modes.',
    [
      tableStatement(
        making,
        'ReadTable',
        READ,
        [keys.incidents, ...claims, ...locks, ...breakers, keys.mode('*'), ...maintenances],
        'Shows incidents with all that belongs to them, and the modes of every scope. Counts what a person declares with what alarms open.',
      ),
      indexStatement(
        making,
        [
          keys.open,
          keys.past,
          keys.opening,
          keys.held,
          keys.aside,
          keys.debts,
          keys.waiting,
          keys.sent,
          keys.reviews,
          keys.finishedReviews,
        ],
        'Lists what is open, what is over with its reviews, and what is still to be taken back.',
      ),
      tableStatement(
        making,
        'WriteTable',
        WRITE,
        [keys.incidents, keys.tokens, ...pacing(making, systems), ...claims, ...locks, ...breakers, ...storms, ...maintenances],
        'Acknowledges, resolves, takes over, stops, runs again and declares. Of modes only that of a storm is among it, which makes every runbook stricter. Makes the links in its pages.',
      ),
      start(making, 'Starts a runbook by hand, and once more.'),
      climb(making, 'Begins the ladder of an incident that a person declares, raises or hands over.'),
      ...measure(making, systems),
      answer(making, 'Ends the waiting of a run that was stopped or taken over, by a no.'),
      page(making, 'Pages the first responder for an incident that a person declares.'),
      announces(making),
    ],
  );
}

export function links(making: Making): Rights {
  const { names, keys, systems } = making;
  const claims = systems.map(({ id }) => keys.claims(id));
  const locks = systems.map(({ id }) => keys.lock(id));
  const own = [keys.incidents, keys.tokens, ...claims, ...locks];
  return rights(
    making,
    names.linksFunction,
    'Answers the links in pages and webhooks of PagerDuty: the one function that the internet reaches. It starts no runbook, sets no mode and reaches no host.',
    [
      tableStatement(
        making,
        'ReadTable',
        READ,
        own,
        'Finds a link by the hash of its token, and shows what it is about. All incidents: a partition does not name its system.',
      ),
      tableStatement(
        making,
        'WriteTable',
        WRITE,
        own,
        'Uses a link up, and does what it is for: acknowledges, takes over, resolves, stops, answers a question; with the claim and the lock that are let go of then.',
      ),
      answer(
        making,
        'Lets a waiting state go on as it was decided, and ends the waiting of a run that was stopped or taken over.',
      ),
      climb(making),
      ...pagerdutyWebhook(making),
      announces(making),
    ],
  );
}

/** As the console's, without what a widget has no button for: it declares nothing, and plans no maintenance. */
export function widgets(making: Making): Rights {
  const { names, keys, systems } = making;
  const claims = systems.map(({ id }) => keys.claims(id));
  const locks = systems.map(({ id }) => keys.lock(id));
  const breakers = systems.map(({ id }) => keys.breakers(id));
  const maintenances = systems.map(({ id }) => keys.maintenance(id));
  return rights(
    making,
    names.widgetsFunction,
    'Draws the CloudWatch dashboard, and does what its buttons are for: no modes, and no yes to what is destructive. Whoever may invoke it may press them.',
    [
      tableStatement(
        making,
        'ReadTable',
        READ,
        [keys.incidents, ...claims, ...locks, ...breakers, keys.mode('*'), ...maintenances],
        'Shows incidents with all that belongs to them, the mode of each runbook, and before a run what the gate would say.',
      ),
      indexStatement(
        making,
        [keys.open, keys.past, keys.opening, keys.held, keys.waiting],
        'Lists what is open, and finds earlier incidents like one that is paged for.',
      ),
      tableStatement(
        making,
        'WriteTable',
        WRITE,
        [keys.incidents, keys.tokens, ...pacing(making, systems), ...claims, ...locks],
        'Acknowledges, resolves, takes over, stops, hands over, runs again, and records answers to questions. A mode is not among it. That a yes to what is destructive is refused is for the code to see to. Makes the links in its pages.',
      ),
      start(making, 'Starts a runbook by hand, and once more.'),
      climb(making, 'Begins the ladder of an incident that a person raises, hands over or escalates.'),
      answer(
        making,
        'Lets a waiting state go on as it was decided, and ends the waiting of a run that was stopped or taken over.',
      ),
      page(making, 'Pages whom a ladder wants, should Step Functions not take its execution.'),
      announces(making),
    ],
  );
}
