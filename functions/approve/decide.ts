import { Conflict } from '../aws/table/items.ts';
import { type Actor, sameName } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Approval } from '../incident/records.ts';
import { afterDecision } from '../run-step/ask.ts';
import type { Surroundings } from '../surroundings.ts';

export interface Decision {
  incidentId: string;
  approvalId: string;
  decision: 'approved' | 'denied';
  by: Actor;
  reason: string;
}

/** An answer that changes nothing, because it came too late or somebody was first. The message says which. */
export class TooLate extends Error {
  override name = 'TooLate';
}

/** A yes from the one who asked, where another person must say it. The question stays open. */
export class NotTheirs extends Error {
  override name = 'NotTheirs';
}

/**
 * A person's answer. It is recorded first, once; then the waiting state goes on. Should that get lost in between,
 * `watch` repeats it from the record.
 *
 * @throws {TooLate} when it was decided before, or its time is over: the answer changes nothing and says so
 * @throws {NotTheirs} when the one who started the run says yes where another person must
 */
export async function decide(
  around: Surroundings,
  { incidentId, approvalId, decision, by, reason }: Decision,
): Promise<Approval> {
  if (decision === 'approved') await mustBeAnother(around, incidentId, approvalId, by);
  const now = iso(around.clock.now());
  const approval = await record(around, { incidentId, approvalId, decision, by, reason }, now);
  const { run, pass, step, title } = approval;
  await around.store.incidents.tell(incidentId, {
    v: 1,
    type: 'approval-decided',
    at: approval.decidedAt ?? now,
    key: `decided-${approval.id}`,
    by,
    run,
    pass,
    step,
    title,
    host: '-',
    approval: approval.id,
    decision,
    reason,
  });
  await passOn(around, approval);
  return approval;
}

/** Lets the waiting state go on as it was decided. Repeated, it finds that nobody waits any more. */
export async function passOn(around: Surroundings, approval: Approval): Promise<void> {
  if (approval.token) await around.machines.goOn(approval.token, afterDecision(approval));
}

/** A name is what is known of either: until each person has a link of their own, only local mode asks such a question at all. */
async function mustBeAnother(around: Surroundings, incidentId: string, approvalId: string, by: Actor): Promise<void> {
  const asked = (await around.store.people.approvals(incidentId)).find(({ id }) => id === approvalId);
  if (asked?.notBy && sameName(asked.notBy, by.name))
    throw new NotTheirs(`${asked.notBy} started this run, so somebody else must approve it; the question stays open`);
}

async function record(
  around: Surroundings,
  { incidentId, approvalId, decision, by, reason }: Decision,
  now: string,
): Promise<Approval> {
  try {
    return await around.store.people.decide(incidentId, approvalId, decision, by, reason, now);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const before = (await around.store.people.approvals(incidentId)).find((one) => one.id === approvalId);
    if (!before) throw new TooLate(`there is no question ${approvalId}`);
    throw new TooLate(
      before.decision
        ? `this was ${before.decision} at ${before.decidedAt} by ${before.decidedBy?.name ?? 'nobody'}: the answer changes nothing`
        : `the question ended at ${before.until}: the answer changes nothing`,
    );
  }
}
