import type { Ladder } from '../language/ladder.ts';

/**
 * Save-It.AI's escalation path: the on-call engineer first, the team lead where it is not resolved in 30 minutes, the engineering
 * manager for SEV1 and SEV2, VP Engineering for a SEV1 that customers feel. Its severities have response times (15 minutes, 30
 * minutes, 2 hours, the next business day); a response is an acknowledgement.
 *
 * The page does not say when manager and VP are told, nor what follows where the on-call engineer does not respond: the path is
 * climbed a rung each time the response time is up, and the lead's 30 minutes hold for every severity, as they stand.
 */
export const ladders: readonly Ladder[] = [
  {
    severities: ['SEV1'],
    rungs: [
      // A complete outage has 15 minutes for a response: no time to wait for what the automation can do.
      { to: { role: 'oncall' }, from: 'opened', after: '0s', unless: 'acknowledged', by: 'page' },
      // Again with what was found.
      { to: { role: 'oncall' }, from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'page' },
      { to: 'specialist', from: 'handed-over', after: '0s', unless: 'resolved', by: 'page' },
      { to: { role: 'oncall' }, from: 'opened', after: '15m', unless: 'acknowledged', by: 'page' },
      { to: { role: 'lead' }, from: 'opened', after: '30m', unless: 'resolved', by: 'page' },
      { to: { role: 'manager' }, from: 'opened', after: '45m', unless: 'resolved', by: 'page' },
      { to: { role: 'vp' }, from: 'opened', after: '1h', unless: 'resolved', by: 'page', onlyIfFelt: true },
    ],
    patience: '8m',
    again: { after: '1h', times: 4 },
    acknowledged: '1h',
  },
  {
    severities: ['SEV2'],
    rungs: [
      { to: 'responder', from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'page' },
      { to: { role: 'lead' }, from: 'opened', after: '30m', unless: 'resolved', by: 'page' },
      { to: { role: 'manager' }, from: 'opened', after: '1h', unless: 'resolved', by: 'page' },
    ],
    patience: '15m',
    again: { after: '1h', times: 4 },
    acknowledged: '2h',
  },
  {
    severities: ['SEV3'],
    rungs: [
      { to: 'responder', from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'page' },
      { to: { role: 'lead' }, from: 'opened', after: '30m', unless: 'resolved', by: 'page' },
      // The two hours for a response are up, and nobody has responded.
      { to: { role: 'lead' }, from: 'opened', after: '2h', unless: 'acknowledged', by: 'page' },
    ],
    patience: '15m',
    again: { after: '2h', times: 2 },
    acknowledged: '8h',
  },
  {
    severities: ['SEV4'],
    rungs: [
      { to: 'responder', from: 'next-business-day', after: '0s', unless: 'acknowledged', by: 'page' },
      // Its 30 minutes begin with that day: before, nobody was asked to resolve it.
      { to: { role: 'lead' }, from: 'next-business-day', after: '30m', unless: 'resolved', by: 'page' },
    ],
    patience: '2h',
    again: { after: '1d', times: 2 },
    acknowledged: '7d',
  },
];
