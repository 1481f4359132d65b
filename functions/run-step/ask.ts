import { APPROVAL_SECONDS } from '../../runbooks/language/compile.ts';
import { personId } from '../../runbooks/language/contact.ts';
import type { Act } from '../../runbooks/language/definition.ts';
import type { Facts } from '../../runbooks/language/facts.ts';
import { commandsFor, commandsToAnswer, whereIs } from '../escalate/link.ts';
import { whoHas } from '../escalate/people.ts';
import { reachContact, reachOperators } from '../escalate/reach.ts';
import { firstOf } from '../escalate/wording.ts';
import { sameName } from '../incident/actor.ts';
import { after, iso } from '../incident/clock.ts';
import { type Approval, approvalAddress, type ResolvedCall } from '../incident/records.ts';
import { makeLinks } from '../links/token.ts';
import { asError, log } from '../log.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { hashOf } from './ask-gate.ts';
import { type Answer, describe, ofStep, type Step } from './step.ts';

interface Question {
  act: Act;
  host: string;
  call: ResolvedCall;
  why: string[];
  facts: Facts;
}

/** Writes a question down. It binds to the resolved parameters: a list that has grown is another question. */
export async function putQuestion(around: Surroundings, step: Step, { act, host, call, why, facts }: Question): Promise<void> {
  const askedAt = iso(around.clock.now());
  const hash = hashOf({ [host]: call });
  const items = act.list(facts, step.parameters, step.settings);
  // The list says it better than the parameters, where there is one.
  const run = items.length > 0 ? `${call.command} for the ${items.length} listed` : describe(call);
  const approval: Approval = {
    v: 1,
    id: `${step.run.number}-${act.key}-${hash}`,
    incidentId: step.incident.id,
    run: step.run.number,
    pass: step.pass,
    step: act.key,
    title: act.title,
    question: `${act.title} on ${host}? ${why.join('; ')}. It would run: ${run}`,
    items,
    hash,
    askedAt,
    until: after(askedAt, APPROVAL_SECONDS * 1_000),
    decision: null,
    decidedAt: null,
    decidedBy: null,
    reason: '',
    token: null,
    notBy: act.approver === 'another' ? step.run.by.name : null,
  };
  const asked = await around.store.people.ask(approval);
  await around.store.incidents.tell(step.incident.id, {
    ...ofStep(step, act, host, asked.askedAt, `asked-${hash}`),
    type: 'approval-asked',
    approval: asked.id,
    question: asked.question,
    until: asked.until,
  });
}

/**
 * Waits for a person: files the task token with the question, lets go of the lock, and tells the first responder.
 * A repeated state brings a new token; the question and its end stay.
 */
export async function waitForPerson(around: Surroundings, step: Step, act: Act, taskToken: string): Promise<Answer> {
  const approvals = await around.store.people.approvals(step.incident.id);
  const open = approvals.find((one) => one.run === step.run.number && one.step === act.key && one.pass === step.pass);
  if (!open) throw new Error(`nobody was asked about "${act.title}"`);
  const asked = await around.store.people.ask({ ...open, token: taskToken });
  await around.store.incidents.change(step.incident.id, (incident) => ({
    ...incident,
    askedAt: incident.askedAt ?? asked.askedAt,
    // Decided between the question and this state: nobody waits.
    ...(!asked.decision && { automation: 'awaiting-approval' as const }),
  }));
  if (asked.decision) {
    await around.machines.goOn(taskToken, afterDecision(asked));
    return { outcome: 'done' };
  }
  await around.store.controls.release(step.runbook.system.id, step.holder, iso(around.clock.now()));
  const system = systemOf(around, step.runbook.system.id);
  const subject = `${step.incident.severity} ${system.title}: may Firebreak ${lowerFirst(act.title)}?`;
  await tell(around, asked, step, { role: system.firstResponder, subject });
  return { outcome: 'done' };
}

/** Each of those who have the role is asked alone, with links of their own; where nobody has it, the operators are. */
async function tell(
  around: Surroundings,
  asked: Approval,
  step: Step,
  { role, subject }: { role: string; subject: string },
): Promise<void> {
  const { id: system } = step.runbook.system;
  const { contacts } = whoHas(around, system, role);
  const text = (links: readonly string[]) => {
    const message = words(around, asked, step, links);
    return { subject, message, short: firstOf(message) };
  };
  if (contacts.length === 0)
    return void (await reachOperators(around, text([`(This was for ${role} of ${system}: nobody has that role now.)`])));
  for (const { name } of contacts)
    await reachContact(
      around,
      system,
      { id: personId(name), name, role },
      text(await answersOf(around, asked, { system, contact: name, role })),
    );
}

/**
 * The links by which one person answers; whoever started the run has none for a yes that somebody else must give. A question without
 * them is better than none: the commands that do the same stand below it.
 */
async function answersOf(
  around: Surroundings,
  { id, incidentId, until, notBy }: Approval,
  whose: { system: string; contact: string; role: string },
): Promise<string[]> {
  const mayApprove = notBy === null || !sameName(notBy, whose.contact);
  const actions = [...(mayApprove ? [`approve:${id}` as const] : []), `deny:${id}` as const];
  try {
    const links = await makeLinks(around, { ...whose, incidentId, actions, until });
    return [...links].map(([action, url]) => `  ${action.startsWith('approve:') ? 'Approve' : 'Deny   '}  ${url}`);
  } catch (error) {
    log.error('a question goes out without links', asError(error));
    return [];
  }
}

/** What the waiting state goes on with: a new pass over the diagnosis, or the way to a person. */
export function afterDecision(approval: Approval) {
  const approved = approval.decision === 'approved';
  return {
    incidentId: approval.incidentId,
    run: approval.run,
    pass: approval.pass + 1,
    outcome: approved ? 'done' : 'refused',
    waitSeconds: 0,
    message: approved
      ? ''
      : `${approval.title}: ${approval.decidedBy?.name ?? 'nobody'} said no${approval.reason ? `: ${approval.reason}` : ''}`,
  };
}

function words(around: Surroundings, approval: Approval, step: Step, links: readonly string[]): string {
  const at = whereIs(around, step.incident.id);
  const commands = [...commandsToAnswer(around, approval), ...commandsFor(around, step.incident.id, ['show'])];
  const answering = commands.length === 0 ? `${at}#approvals` : `paste a line from below into a shell with the AWS CLI (${at})`;
  return [
    approval.question,
    `Answer by ${approval.until.slice(11, 16)} UTC: ${links.length > 0 ? 'each of these links is yours alone, and works once' : answering}`,
    ...links,
    '',
    ...(approval.items.length > 0 ? ['This would go:', ...approval.items.map((item) => `  ${item}`), ''] : []),
    ...(approval.notBy === null ? [] : [`Somebody else than ${approval.notBy} must say yes: they started it.`, '']),
    `Silence is a no: then it is left alone, and ${step.runbook.escalate.to} is paged.`,
    '',
    // Whoever can't reach the console answers all the same: this is the name that the function for it takes.
    `Question ${approvalAddress(approval)}`,
    ...commands,
  ].join('\n');
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
