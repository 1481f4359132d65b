import { intake, watch } from './rights/automation.ts';
import { escalate, escalation } from './rights/ladder.ts';
import type { Deployed, Making } from './rights/making.ts';
import { approve, console, links, mode, promote, widgets } from './rights/people.ts';
import { machine, schedules, step } from './rights/run.ts';
import { arnsIn, type Rights } from './rights/statement.ts';

/** The rights of every function and state machine, each from what it does. */
export function permissions(deployed: Deployed): Rights[] {
  const making: Making = { ...deployed, arn: arnsIn(deployed.place) };
  return [
    intake(making),
    watch(making),
    escalate(making),
    escalation(making),
    ...making.runbooks.flatMap((runbook) => [
      step(making, runbook),
      machine(making, runbook),
      ...(runbook.schedules.length > 0 ? [schedules(making, runbook)] : []),
    ]),
    mode(making),
    promote(making),
    approve(making),
    console(making),
    links(making),
    widgets(making),
  ];
}
