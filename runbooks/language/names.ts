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
  /** One topic per contact: an address subscribed here is the only way a page reaches that person. */
  contactTopic: (system: string, role: string) => `${prefix}-${system}-${role}`,
  /** @param runbookId for example `sira/disk-space-low` */
  stateMachine: (runbookId: string) => `${prefix}-${runbookId.replace('/', '-')}`,
  /** The function that carries out one runbook's steps, with that runbook's rights and no others. */
  stepFunction: (runbookId: string) => `${prefix}-step-${runbookId.replace('/', '-')}`,
  /** @param command for example `disk-usage` */
  document: (command: string) => `${prefix}-${command}`,
});
export type Names = ReturnType<typeof names>;

/** The account that local mode pretends to be. */
export const LOCAL_ACCOUNT = '000000000000';
