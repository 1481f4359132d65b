import { hostReadiness } from '../commands/host-readiness.ts';
import type { HostCommand } from './command.ts';
import type { Look, Runbook } from './definition.ts';

/** Every command that a runbook sends to a host, by name: to look, to act, to take back and to verify. */
export function commandsOfRunbook({ looks, acts, verify }: Pick<Runbook, 'looks' | 'acts' | 'verify'>): Map<string, HostCommand> {
  const looked = (look: Look) => (look.kind === 'host' ? [look.command] : []);
  const used = [
    ...[...looks, ...(verify?.looks ?? [])].flatMap(looked),
    ...acts.flatMap((act) => [act.command, ...(act.undo ? [act.undo.command] : [])]),
  ];
  return new Map(used.map((command) => [command.name, command]));
}

/** Every command that is deployed, by name: what a registered runbook uses, and what the doctor asks of a host. */
export function commandsOf({ runbooks }: { runbooks: readonly Runbook[] }): Map<string, HostCommand> {
  const used = runbooks.flatMap((runbook) => [...commandsOfRunbook(runbook)]);
  return new Map([...used, [hostReadiness.name, hostReadiness]]);
}
