import * as z from 'zod';
import { actByHand, lookByHand } from '../../../runbooks/language/by-hand.ts';
import type { Act, Look, Runbook } from '../../../runbooks/language/definition.ts';
import { diagram } from '../../../runbooks/language/diagram.ts';
import { spokenTrigger } from '../../../runbooks/language/trigger.ts';
import type { Mode } from '../../incident/control.ts';
import { runbookGraph } from './graph.ts';

/** A runbook in a list. */
export function runbookSummary(runbook: Runbook, mode: Mode) {
  return {
    id: runbook.id,
    system: runbook.system.id,
    name: runbook.name,
    title: runbook.title,
    symptom: runbook.symptom,
    owner: runbook.owner,
    safety: runbook.safety,
    mode,
    triggers: runbook.triggers.map((trigger) => ({ ...trigger, says: spokenTrigger(trigger) })),
  };
}
export type RunbookSummary = ReturnType<typeof runbookSummary>;

/**
 * A runbook in full: what it takes, what it looks at, what it does and how each is done by hand.
 * @param settings of its system: the lines to type have its names
 */
export function runbookView(runbook: Runbook, mode: Mode, settings: unknown) {
  const given = runbook.parameters.safeParse({});
  const parameters = given.success ? given.data : {};
  const looked = (look: Look) => lookView(look, parameters, settings);
  return {
    ...runbookSummary(runbook, mode),
    parameters: z.toJSONSchema(z.strictObject(runbook.parameters.shape), { io: 'input' }),
    looks: runbook.looks.map(looked),
    acts: runbook.acts.map((act) => actView(act, actByHand(act, parameters, settings))),
    verify: runbook.verify && {
      title: runbook.verify.title,
      times: runbook.verify.times,
      settleSeconds: runbook.verify.settleSeconds,
      everySeconds: runbook.verify.everySeconds,
      withinSeconds: runbook.verify.withinSeconds,
      looks: runbook.verify.looks.map(looked),
    },
    escalatesTo: runbook.escalate.to,
    clearsWithinSeconds: runbook.clearsWithinSeconds,
    people: runbook.people,
    prevention: runbook.prevention,
    /** In Mermaid's language. */
    diagram: diagram(runbook),
    graph: runbookGraph(runbook),
  };
}
export type RunbookView = ReturnType<typeof runbookView>;

function lookView(look: Look, parameters: unknown, settings: unknown) {
  const how =
    look.kind === 'probe'
      ? { command: null, byHand: null }
      : { command: look.command.name, byHand: lookByHand(look, parameters, settings) };
  return { key: look.key, title: look.title, kind: look.kind, freshSeconds: look.freshSeconds, ...how };
}

function actView({ key, title, safety, command, undo }: Act, byHand: string) {
  return {
    key,
    title,
    safety,
    command: command.name,
    verb: command.verb ?? null,
    byHand,
    undo: undo && { title: undo.command.title, takeBackSeconds: undo.takeBackSeconds },
  };
}
