import {
  announces,
  climb,
  indexStatement,
  type Making,
  pacing,
  page,
  READ,
  rights,
  tableStatement,
  tickets,
  WRITE,
} from './making.ts';
import type { Rights } from './statement.ts';

/** The function that looks at a ladder: the one place from which people are paged about an incident. */
export function escalate(making: Making): Rights {
  const { names, keys, systems } = making;
  const storms = systems.map(({ id }) => keys.mode(`storm:${id}`));
  const maintenances = systems.map(({ id }) => keys.maintenance(id));
  return rights(
    making,
    names.escalateFunction,
    'Pages whoever is next on the ladder of an incident. It can start no runbook, and reach no host.',
    [
      tableStatement(
        making,
        'ReadTable',
        READ,
        [keys.incidents, ...storms, ...maintenances],
        "Reads the incident with all that a page tells of it, and whether its system is in a storm or worked on. All incidents: an incident's partition does not name its system.",
      ),
      indexStatement(
        making,
        [keys.open, keys.past, keys.waiting],
        'Finds the incidents that a storm has brought, and earlier ones like it: what helped then stands on the page.',
      ),
      tableStatement(
        making,
        'WriteTable',
        WRITE,
        [keys.incidents, keys.tokens, ...pacing(making, systems)],
        'Writes a page down before it is sent, and the links of whoever is paged; begins the ladder anew where an acknowledgement has run out.',
      ),
      page(making, 'Pages each person by their own topic, and the operators where nobody answers or a topic takes no page.'),
      ...tickets(making),
      announces(making),
      climb(making, 'Begins the next generation of a ladder, where an acknowledgement has run out.'),
    ],
  );
}

/** The escalation machine calls its own function, in whichever version it began with. */
export function escalation({ names, arn }: Making): Rights {
  return {
    of: names.escalationMachine,
    about: 'The state machine that climbs a ladder.',
    statements: [
      {
        sid: 'CallSteps',
        actions: ['lambda:InvokeFunction'],
        resources: [`${arn('lambda', `function:${names.escalateFunction}`)}:*`],
        why: 'Calls its own function, by version. All versions: a ladder that waits across an upgrade goes on with the code it began with.',
      },
    ],
  };
}
