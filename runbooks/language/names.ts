/**
 * The names of resources, in one place for the stack, for local mode and for the functions.
 * `prefix` is `firebreak` unless configuration says otherwise.
 */
export const names = (prefix = 'firebreak') => ({
  prefix,
  table: `${prefix}-incidents`,
  signalsTopic: `${prefix}-signals`,
  signalsQueue: `${prefix}-signals`,
  deadLetters: `${prefix}-signals-dead`,
  /** Pages about Firebreak itself, and about signals that no system owns. */
  operatorsTopic: `${prefix}-operators`,
  /** Where Firebreak's own alarms go: of its heartbeat, and of everything that can lose something. Not the topic that it pages by. */
  watchdogTopic: `${prefix}-watchdog`,
  /** The domain events, for integrations. */
  eventBus: `${prefix}-events`,
  /**
   * One topic for each person of a system, with their addresses: a page for one is nobody else's.
   * @param person as `personId` makes it of their name; `*` for all of the system's
   */
  contactTopic: (system: string, person: string) => `${prefix}-${system}-${person}`,
  /** @param runbookId for example `sira/disk-space-low` */
  stateMachine: (runbookId: string) => `${prefix}-${runbookId.replace('/', '-')}`,
  /** The rule of one schedule of a runbook. EventBridge takes 64 characters: what is longer is cut, and what it is follows its prefix. */
  schedule: (runbookId: string, schedule: string) => `${prefix}-${runbookId.replace('/', '-')}-${schedule}`.slice(0, 64),
  /** The role of a runbook's schedules. */
  schedules: (runbookId: string) => `${prefix}-${runbookId.replace('/', '-')}-schedules`,
  /** Climbs the ladder of one incident: pages, waits, looks again. */
  escalationMachine: `${prefix}-escalation`,
  escalateFunction: `${prefix}-escalate`,
  /** Answers the links in pages and PagerDuty's webhooks: the one function that the internet reaches. */
  linksFunction: `${prefix}-links`,
  intakeFunction: `${prefix}-intake`,
  watchFunction: `${prefix}-watch`,
  /** The function that carries out one runbook's steps, with that runbook's rights and no others. */
  stepFunction: (runbookId: string) => `${prefix}-step-${runbookId.replace('/', '-')}`,
  /**
   * The group of a runbook in its cluster: who is in it has that runbook's rights there. EKS keeps groups that begin with
   * `aws:` or `eks:` and the like for itself, so no prefix is called so.
   */
  clusterGroup: (runbookId: string) => `${prefix}:${runbookId.replace('/', '-')}`,
  /** A runbook's Role in its cluster, and the binding of it to its group. */
  clusterRole: (runbookId: string) => `${prefix}-${runbookId.replace('/', '-')}`,
  /** The file with what a system's runbooks may do in their cluster. */
  clusterManifest: (system: string) => `${prefix}-${system}-rbac.yaml`,
  /** The red button: sets a mode that is as strict as what is in force, or stricter. */
  modeFunction: `${prefix}-mode`,
  /** Sets any mode, so it can let a runbook do more. */
  promoteFunction: `${prefix}-promote`,
  approveFunction: `${prefix}-approve`,
  /** The rest of the console's JSON, for whoever may invoke it. */
  consoleFunction: `${prefix}-console`,
  /** The custom widgets of the CloudWatch dashboard. */
  widgetsFunction: `${prefix}-widgets`,
  /** The CloudWatch dashboard. */
  dashboard: prefix,
  /** @param command for example `disk-usage` */
  document: (command: string) => `${prefix}-${command}`,
  /** @param hash the first eight hexadecimal digits of its content's SHA-256: a run goes on with the scripts that it began with */
  pinnedDocument: (command: string, hash: string) => `${prefix}-${command}-${hash}`,
  /** Firebreak's own alarms: never in the scope of any system. */
  ownAlarm: (what: string) => `${prefix}-${what}`,
  /** An alarm of a system, as intake reads it. @param suffix tells one host or mount from another */
  systemAlarm: (system: string, alert: string, suffix = '') => [system, alert, suffix].filter(Boolean).join('-'),
});
export type Names = ReturnType<typeof names>;

/** What `watch` says after a clean round; `Deployment` is the prefix. Its absence is an alarm. */
export const HEARTBEAT = { namespace: 'Firebreak', metric: 'Heartbeat', dimension: 'Deployment' } as const;

/** Counts events that the bus did not take. */
export const EVENTS_LOST = { namespace: 'Firebreak', metric: 'EventsLost', dimension: 'Deployment' } as const;

/** The account that local mode pretends to be. */
export const LOCAL_ACCOUNT = '000000000000';
