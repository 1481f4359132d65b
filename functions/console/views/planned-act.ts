import { actByHand } from '../../../runbooks/language/by-hand.ts';
import { type Act, budgetOf, type Runbook } from '../../../runbooks/language/definition.ts';
import { MissingFact, watched } from '../../../runbooks/language/facts.ts';
import { SAFETY_MEANS, type Safety } from '../../../runbooks/language/safety.ts';
import type { Budget, HostedSettings } from '../../../runbooks/language/system.ts';
import { undoing } from '../../../runbooks/language/undoing.ts';
import type { BreakerName } from '../../aws/table/controls.ts';
import type { ResolvedCall } from '../../incident/records.ts';

/** What a run may do, as far as it can be said before it has looked. */
export interface PlannedAct {
  key: string;
  title: string;
  safety: Safety;
  /** What it interrupts or loses, after "it". */
  means: string;
  /** Hosts by name, or the namespace of the cluster. */
  where: string[];
  /** The objects, services or files that it is about; for what only facts can say, which look says it. */
  what: string[];
  /** The command with its parameters; `null` where those depend on what is found. */
  would: ResolvedCall | null;
  byHand: string;
  undo: string;
  approver: Act['approver'];
  verb: string;
  budget: Budget;
  /** Under which it would be counted, one a place; none where what it touches depends on what is found. */
  breakers: BreakerName[];
}

/** @param parameters as the runbook's schema gives them */
export function plannedAct(runbook: Runbook, act: Act, parameters: unknown, settings: HostedSettings): PlannedAct {
  const { verb = act.command.name } = act.command;
  const call = callOf(act, parameters, settings);
  const resource = 'call' in call ? (act.command.resource?.(call.call.parameters) ?? 'host') : null;
  const on = act.command.kind === 'cluster' ? [...new Set(act.on(settings))] : [];
  const what = on.length > 0 ? on : resource === null || resource === 'host' ? [] : [resource];
  const places = placesOf(act, settings);
  return {
    key: act.key,
    title: act.title,
    safety: act.safety,
    means: SAFETY_MEANS[act.safety],
    where: places.map(({ says }) => says),
    what: resource === null ? [...what, found(runbook, call)] : what,
    would: 'call' in call ? call.call : null,
    byHand: actByHand(act, parameters, settings),
    undo: undoing(act),
    approver: act.approver,
    verb,
    // A runbook's own limits are never above its system's budget.
    budget: runbook.limits ?? budgetOf(runbook.system, act),
    breakers:
      resource === null ? [] : places.map(({ name }) => ({ system: runbook.system.id, verb, resource: `${name}/${resource}` })),
  };
}

type Known = { call: ResolvedCall } | { fact: string | null };

/** What it would be called with, where no fact has a say in that. */
function callOf({ command, with: given }: Act, parameters: unknown, settings: HostedSettings): Known {
  try {
    const { parameters: resolved } = command(given(watched({}).facts, parameters, settings));
    return { call: { command: command.name, parameters: resolved } };
  } catch (error) {
    return { fact: error instanceof MissingFact ? error.fact : null };
  }
}

function found({ looks }: Runbook, known: Known): string {
  const look = 'fact' in known ? looks.find(({ key }) => key === known.fact) : undefined;
  return look ? `what "${look.title}" finds` : 'what it finds';
}

function placesOf({ command }: Act, { hosts, cluster }: HostedSettings): { name: string; says: string }[] {
  if (command.kind === 'host') return hosts.map(({ name }) => ({ name, says: name }));
  return cluster ? [{ name: cluster.name, says: `namespace ${cluster.namespace} of the cluster ${cluster.name}` }] : [];
}
