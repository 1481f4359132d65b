import { budgetOf, type Draft } from './definition.ts';
import { seconds } from './duration.ts';
import { scheduleFaults } from './schedule.ts';
import { rank } from './severity.ts';
import type { Budget } from './system.ts';
import { collide, spokenTrigger } from './trigger.ts';

/** The names that compile gives to states of its own; a colon is its mark for the states around a step. */
const RESERVED = ['Open', 'Diagnose', 'Report', 'Resolve', 'Resolved', 'Rejected', 'Escalate', 'Escalated'];

/** What the design demands of a definition, as sentences; none when it is sound. */
export function faultsOf(draft: Draft): string[] {
  const { acts, looks, verify, system, triggers, limits } = draft;
  const faults: string[] = [];
  const say = (wrong: boolean, fault: string) => wrong && faults.push(fault);
  const titles = [...looks, ...acts, ...(verify ? [verify] : [])].map((step) => step.title);
  const keys = [...looks, ...acts].map((step) => step.key);
  say(looks.length === 0, 'it has no diagnosis: no act without a fresh reason for it');
  say(acts.length > 0 && !verify, 'it has an act and no verify');
  say(
    acts.length > 0 && !looks.some((look) => look.key === 'deployment'),
    'it has an act and no diagnosis called "deployment", which the gate needs',
  );
  say(new Set(titles).size < titles.length, 'two steps have the same title');
  say(new Set(keys).size < keys.length, 'two steps have the same key');
  // 80 characters are the limit of a state's name, and the longest suffix that compile adds is ": done?" or "Approve: ".
  for (const title of titles) {
    say(title.length > 64 || /[^\x20-\x7e]/.test(title), `the title "${title}" is over 64 characters or not plain ASCII`);
    say(RESERVED.includes(title) || /:|^\W*$/.test(title), `the title "${title}" has a colon, no word, or is a state's own name`);
  }
  for (const look of [...looks, ...(verify?.looks ?? [])])
    say(
      look.kind !== 'probe' && look.command.safety !== 'observe',
      `"${look.title}" looks with ${look.kind === 'probe' ? '' : look.command.name}, which changes something`,
    );
  for (const act of acts) say(act.command.safety === 'observe', `the act "${act.title}" only looks`);
  if (verify) {
    const { times, settleSeconds, everySeconds, withinSeconds } = verify;
    say(!Number.isInteger(times) || times < 1, 'its verify asks for no good check');
    say(settleSeconds + (times - 1) * everySeconds > withinSeconds, 'its verify cannot be over within its own time');
    say(Object.keys(verify.looks).length === 0, 'its verify looks at nothing');
  }
  for (const trigger of triggers) {
    const { above = Number.NEGATIVE_INFINITY, upTo = Number.POSITIVE_INFINITY } =
      typeof trigger.value === 'object' ? trigger.value : {};
    say(above >= upTo, `its trigger "${spokenTrigger(trigger)}" can never match`);
    say(!system.alerts.some((alert) => alert.name === trigger.alert), `the alert ${trigger.alert} is not declared in its system`);
    try {
      rank(system.severities, trigger.severity);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  triggers.forEach((a, at) => {
    for (const b of triggers.slice(at + 1))
      say(collide(a, b), `its triggers "${spokenTrigger(a)}" and "${spokenTrigger(b)}" have equal weight and overlap`);
  });
  for (const to of [draft.escalate.to, ...draft.escalate.others])
    say(!system.roles.some((role) => role.name === to), `it escalates to ${to}, which is not a role of its system`);
  for (const act of acts)
    say(act.approver === 'another' && act.safety !== 'destructive', `"${act.title}" has an approver and asks nobody`);
  for (const schedule of draft.schedules) {
    faults.push(...scheduleFaults(schedule));
    say(
      !system.severities.some(({ name }) => name === schedule.severity),
      `its schedule ${schedule.name} has no severity of its system`,
    );
    say(
      !draft.parameters.safeParse(schedule.parameters ?? {}).success,
      `its schedule ${schedule.name} has parameters that it does not take`,
    );
  }
  const names = draft.schedules.map(({ name }) => name);
  say(new Set(names).size < names.length, 'two of its schedules have the same name');
  say(draft.schedules.length > 0 && !verify && !draft.expects, 'it has a schedule, and neither a verify nor what it expects');
  say(draft.expects !== null && acts.length > 0, 'it has acts: what it expects is its verification');
  say(
    limits !== null && acts.some((act) => higher(limits, budgetOf(system, act))),
    'its limits are above the budget of its system',
  );
  return faults;
}

/** Whether limits allow in some window what the budget would not: more acts, or as many in a shorter time. */
function higher(limits: Budget, budget: Budget): boolean {
  return limits.acts > budget.acts || seconds(limits.per) < seconds(budget.per);
}
