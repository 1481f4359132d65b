import type { Ladder } from '../language/ladder.ts';

/**
 * SIRA's escalation, by its page's severities: P0 pages the on-call engineer at once, P1 goes to the engineering lead, P2 is a
 * ticket for the team, P3 waits for the next business day. Each contact has a path of its own; who has an incident first is the
 * on-call engineer, or whom its runbook names.
 *
 * The page gives times for responses (15 minutes, 1 hour, 4 hours, the next business day), and none for what follows where nobody
 * responds: the next of the path is paged when that time is up, and the one after it when it is up again. What else it leaves open
 * stands beside its rung.
 */
export const ladders: readonly Ladder[] = [
  {
    severities: ['P0'],
    rungs: [
      // At once, whether or not the automation is at work already.
      { to: { role: 'oncall' }, from: 'opened', after: '0s', unless: 'acknowledged', by: 'page' },
      // Again with what was found, where the automation could not mend it and nobody has it yet.
      { to: { role: 'oncall' }, from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'page' },
      // Whom the facts ask for: the database admin for a corrupt database, security for a breach. Whoever has it needs them, too.
      { to: 'specialist', from: 'handed-over', after: '0s', unless: 'resolved', by: 'page' },
      { to: { above: 1 }, from: 'opened', after: '15m', unless: 'acknowledged', by: 'page' },
      { to: { above: 2 }, from: 'opened', after: '30m', unless: 'acknowledged', by: 'page' },
    ],
    // Half of the time within which somebody has to respond.
    patience: '8m',
    again: { after: '30m', times: 4 },
    acknowledged: '1h',
  },
  {
    severities: ['P1'],
    rungs: [
      { to: 'responder', from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'page' },
      // "Contact": the lead knows of it, whoever works on it.
      { to: { role: 'lead' }, from: 'handed-over', after: '0s', unless: 'resolved', by: 'page' },
      { to: { above: 2 }, from: 'opened', after: '1h', unless: 'acknowledged', by: 'page' },
    ],
    patience: '30m',
    again: { after: '1h', times: 3 },
    acknowledged: '4h',
  },
  {
    severities: ['P2'],
    rungs: [
      { to: 'responder', from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'ticket' },
      { to: { above: 1 }, from: 'opened', after: '4h', unless: 'acknowledged', by: 'page' },
    ],
    patience: '2h',
    again: { after: '4h', times: 2 },
    acknowledged: '1d',
  },
  {
    severities: ['P3'],
    rungs: [
      { to: 'responder', from: 'next-business-day', after: '0s', unless: 'acknowledged', by: 'page' },
      // The end of that day: it began without an answer.
      { to: { above: 1 }, from: 'next-business-day', after: '8h', unless: 'acknowledged', by: 'page' },
    ],
    patience: '2h',
    again: { after: '1d', times: 2 },
    acknowledged: '7d',
  },
];
