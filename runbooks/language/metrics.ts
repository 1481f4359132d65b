/** The names of what Firebreak counts in CloudWatch, for the functions that count and for the dashboard (`docs/numbers.md`). */

export const NAMESPACE = 'Firebreak';

/** By what a metric can be asked for. All are bounded by the registry: no host, no alert's text, no person's name is ever one. */
export const DIMENSIONS = { deployment: 'Deployment', system: 'System', severity: 'Severity', runbook: 'Runbook' } as const;
export type Dimension = keyof typeof DIMENSIONS;

export interface MetricName {
  name: string;
  unit: 'Count' | 'Seconds';
  about: string;
}

/** Of incidents. Those with `Count` are for sums, those with `Seconds` for means and percentiles. */
export const INCIDENT_METRICS = {
  opened: { name: 'IncidentsOpened', unit: 'Count', about: 'An incident that counts was opened.' },
  resolved: { name: 'IncidentsResolved', unit: 'Count', about: 'It is over. One that was opened again is over more than once.' },
  withoutPerson: {
    name: 'ResolvedWithoutPerson',
    unit: 'Count',
    about: 'At each resolution 1 where automation did it and nobody had to do anything, and 0 otherwise.',
  },
  recurred: {
    name: 'Recurrences',
    unit: 'Count',
    about: 'One that was over has come back within 24 hours, as itself or as another incident.',
  },
  automationFailed: {
    name: 'RecurrencesOfAutomation',
    unit: 'Count',
    about: 'The same, of one that had been counted as resolved without a person: take it from ResolvedWithoutPerson.',
  },
  timeToAcknowledge: {
    name: 'TimeToAcknowledge',
    unit: 'Seconds',
    about: 'From its opening until a person first said that they have it.',
  },
  timeToResolve: { name: 'TimeToResolve', unit: 'Seconds', about: 'From its opening until its resolution.' },
} as const satisfies Record<string, MetricName>;
export type IncidentMetric = keyof typeof INCIDENT_METRICS;

/** Each metric of an incident is there once for each of these; the last is left out where no runbook answers. */
export const INCIDENT_GROUPS = [
  ['deployment', 'system'],
  ['deployment', 'system', 'severity'],
  ['deployment', 'system', 'runbook'],
] as const satisfies readonly (readonly Dimension[])[];

/** Of pages to people; a notice and a ticket are none. */
export const PAGE_METRICS = {
  sent: { name: 'PagesSent', unit: 'Count', about: 'A page went out; a reminder of a review is none.' },
  atNight: { name: 'PagesAtNight', unit: 'Count', about: 'Of them, those at night on the clock of the system.' },
} as const satisfies Record<string, MetricName>;

export const PAGE_GROUPS = [['deployment', 'system']] as const satisfies readonly (readonly Dimension[])[];
