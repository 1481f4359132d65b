import { hostReadiness } from '../commands/host-readiness.ts';
import type { ClusterCommand, ClusterRule, Command } from './cluster.ts';
import type { HostCommand } from './command.ts';
import type { Look, Runbook } from './definition.ts';

type Steps = Pick<Runbook, 'looks' | 'acts' | 'verify'>;

/** Every command that a runbook sends to a host, by name: to look, to act, to take back and to verify. */
export function commandsOfRunbook(runbook: Steps): Map<string, HostCommand> {
  return new Map(usesOf(runbook).flatMap(({ command }) => (command.kind === 'host' ? [[command.name, command]] : [])));
}

/** Every command that a runbook carries out in its cluster, by name. */
export function clusterCommandsOf(runbook: Steps): Map<string, ClusterCommand> {
  return new Map(usesOf(runbook).flatMap(({ command }) => (command.kind === 'cluster' ? [[command.name, command]] : [])));
}

/** A rule, and the title of the command that needs it. */
export interface NeededRule extends ClusterRule {
  for: string;
}

/** What a runbook's steps need of its cluster, each as its own command says it. @param settings of its system: they name the objects */
export function clusterRulesOf(runbook: Steps, settings: unknown): NeededRule[] {
  return usesOf(runbook).flatMap(({ command, on }) =>
    command.kind === 'cluster' ? command.rights(on(settings)).map((rule) => ({ ...rule, for: command.title })) : [],
  );
}

/** Every command that is deployed, by name: what a registered runbook uses, and what the doctor asks of a host. */
export function commandsOf({ runbooks }: { runbooks: readonly Runbook[] }): Map<string, HostCommand> {
  const used = runbooks.flatMap((runbook) => [...commandsOfRunbook(runbook)]);
  return new Map([...used, [hostReadiness.name, hostReadiness]]);
}

/** One use of a command, and what it is about. */
interface Use {
  command: Command;
  on: (settings: unknown) => readonly string[];
}

function usesOf({ looks, acts, verify }: Steps): Use[] {
  const nothing = () => [];
  const looked = (look: Look): Use[] => {
    if (look.kind === 'probe') return [];
    return look.kind === 'host' ? [{ command: look.command, on: nothing }] : [look];
  };
  return [
    ...[...looks, ...(verify?.looks ?? [])].flatMap(looked),
    ...acts.flatMap((act) => [act, ...(act.undo ? [act.undo] : [])]),
  ];
}
