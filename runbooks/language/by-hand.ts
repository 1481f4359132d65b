import type { Command } from './cluster.ts';
import type { Act, Given, Look } from './definition.ts';
import { probeByHand } from './probe.ts';

/** Where a cluster's lines are to be typed, if the system does not say. */
const DEFAULT_NAMESPACE = 'default';

interface Use {
  command: Command;
  on?: (settings: unknown) => readonly string[];
}

/** What a person types to see what a look sees. @param parameters of the runbook, as its schema gives them */
export function lookByHand(look: Look, parameters: unknown, settings: unknown): string {
  return look.kind === 'probe'
    ? probeByHand(look.probe(parameters, settings))
    : lineFor(look, look.with(parameters, settings), settings);
}

/** What a person types to do what an act does; what only the facts can say is as the runbook's page has it. */
export function actByHand(act: Act, parameters: unknown, settings: unknown): string {
  return lineFor(act, act.known(parameters, settings), settings);
}

/** To take it back. @param given what it was called with, where that is known */
export function undoByHand({ undo }: Pick<Act, 'undo'>, settings: unknown, given: Given = {}): string {
  return undo ? lineFor(undo, given, settings) : '';
}

function lineFor({ command, on }: Use, given: Given, settings: unknown): string {
  if (command.kind === 'host') return command.byHand;
  return command.byHand({ given, on: on?.(settings) ?? [], namespace: namespaceOf(settings) });
}

function namespaceOf(settings: unknown): string {
  const { cluster } = settings as { cluster?: { namespace: string } };
  return cluster?.namespace ?? DEFAULT_NAMESPACE;
}
