import { climbingOf } from '../../escalate/standing.ts';
import { isLive } from '../../incident/incident.ts';
import { statusDraft } from '../../notices/text.ts';
import { isReviewed } from '../../review/reviewable.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { knownIncident } from '../commands/known.ts';
import { approvalView } from '../views/approval.ts';
import { runGraph } from '../views/graph.ts';
import { happening } from '../views/happening.ts';
import { impactView } from '../views/impact.ts';
import { incidentView } from '../views/incident.ts';
import { nextPage, pagingNext } from '../views/paging.ts';
import { progressOf } from '../views/progress.ts';
import { stepViews } from '../views/step.ts';
import { inOrder } from '../views/timeline.ts';

/**
 * All that is known of one incident, as the API gives it and as its page shows it.
 * @throws {Rejected} 404 when there is no such incident
 */
export async function wholeIncident(around: Surroundings, id: string) {
  const incident = await knownIncident(around, id);
  const [claim, events, { looks, acts, evidence, approvals, pages, review }] = await Promise.all([
    isLive(incident) && incident.dedupKey ? around.store.claims.get(incident.dedupKey) : undefined,
    around.store.incidents.timeline(id),
    around.store.steps.everything(id),
  ]);
  const climbing = climbingOf(around, incident, { pages, looks });
  const { updates = [], ...system } = systemOf(around, incident.system);
  const timeline = inOrder(events);
  const runbookId = incident.runs[String(incident.run)]?.runbook ?? incident.runbook;
  const runbook = around.runbooks.find((known) => known.id === runbookId);
  const states = runbook ? progressOf(runbook, incident, timeline) : [];
  const steps = stepViews(looks, acts, evidence);
  return {
    incident: incidentView(incident, claim),
    happening: happening({
      incident,
      approvals,
      timeline,
      progress: states,
      paging: pagingNext(incident, climbing, system.roles),
    }),
    timeline,
    impact: impactView(looks),
    steps,
    approvals: approvals.map(approvalView).sort((a, b) => a.askedAt.localeCompare(b.askedAt)),
    pages,
    statusDraft: updates.some(({ withDraft, severities }) => withDraft && severities.includes(incident.severity))
      ? statusDraft(incident, system)
      : null,
    runbook: runbook
      ? { id: runbook.id, title: runbook.title, states, graph: runGraph(runbook, { incident, states, steps, approvals }) }
      : null,
    nextPage: nextPage(climbing, system.roles),
    /** Its review, where somebody has begun it; `wanted` where one follows once it is over. */
    review: review
      ? { state: review.state, due: review.due }
      : isReviewed(incident, { severities: system.severities })
        ? { state: 'wanted' as const, due: null }
        : null,
  };
}
export type WholeIncident = Awaited<ReturnType<typeof wholeIncident>>;
