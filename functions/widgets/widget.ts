import { html } from 'hono/html';
import { openNow } from '../console/read/incidents.ts';
import type { Wanted } from '../console/read/plan.ts';
import { checked, Rejected } from '../console/rejected.ts';
import { iso } from '../incident/clock.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { approvalsView, askedView } from './approvals.ts';
import { DESCRIPTION } from './description.ts';
import { ACTIONS, typingOf, VIEWS, WidgetEvent } from './event.ts';
import type { Typing } from './fields.ts';
import { button, type Drawing, frame, type Html } from './frame.ts';
import { incidentView, worstView } from './incident.ts';
import { openView } from './open.ts';
import { outage } from './outage.ts';
import { planView } from './plan.ts';
import { type Pressed, press } from './press.ts';
import { runbookView } from './runbook.ts';
import { runbooksView } from './runbooks.ts';
import { wantedOf } from './start.ts';

/** Of an invocation, what a widget needs. */
export interface Invocation {
  awsRequestId: string;
  invokedFunctionArn: string;
}

/** What a pressed button left: what it says, or what was wrong, and what was typed then. */
interface After {
  pressed?: Pressed;
  problem?: Rejected;
  typing: Typing;
  /** What a run was asked for with, before its plan is shown. */
  wanted?: Wanted;
}

/**
 * A custom widget of a CloudWatch dashboard: it draws, and where a button was pressed, it first does what that is for. Drawing changes
 * nothing, however often the dashboard is refreshed.
 *
 * @returns HTML; the description, in Markdown, where CloudWatch asks for it. An outage is told in words, and logged as an error
 */
export const widget =
  (around: Surroundings) =>
  async (given: unknown, { awsRequestId, invokedFunctionArn }: Invocation): Promise<string> => {
    const drawing: Drawing = { arn: invokedFunctionArn, request: awsRequestId, now: iso(around.clock.now()) };
    try {
      const event = checked(WidgetEvent, given, '', (field) => EXPECTED[field]);
      if (event.describe) return DESCRIPTION;
      const after = await pressedIn(around, event);
      return String(await drawn(around, drawing, event, after));
    } catch (error) {
      if (error instanceof Rejected) return String(await frame(drawing, { content: '', problem: error }));
      log.error('a widget could not be drawn, or its button not carried out', asError(error));
      return String(await outage(around, drawing));
    }
  };

const EXPECTED: Readonly<Record<string, string>> = {
  view: `one of ${VIEWS.join(', ')}`,
  action: `one of ${ACTIONS.join(', ')}`,
};

async function pressedIn(around: Surroundings, event: WidgetEvent): Promise<After> {
  const { action } = event;
  if (action === undefined && event.view !== 'plan') return { typing: event.given };
  try {
    if (action === undefined) return { wanted: wantedOf(around, event), typing: typingOf(event) };
    // What was typed has done its work: only the name is wanted again.
    const { by = '' } = typingOf(event);
    return { pressed: await press(around, { ...event, action }), typing: { by } };
  } catch (problem) {
    if (!(problem instanceof Rejected)) throw problem;
    return { problem, typing: typingOf(event) };
  }
}

async function drawn(around: Surroundings, drawing: Drawing, event: WidgetEvent, after: After): Promise<Html> {
  const { pressed, problem } = after;
  const content = pressed?.started === undefined ? await view(around, drawing, event, after) : starting(drawing, pressed.started);
  return frame(drawing, { content, done: pressed?.says, problem });
}

async function view(
  around: Surroundings,
  drawing: Drawing,
  event: WidgetEvent,
  { typing, problem, wanted }: After,
): Promise<Html> {
  switch (event.view) {
    case 'open':
      return openView(drawing, await openNow(around));
    case 'worst':
      return worstView(around, drawing);
    case 'incident':
      return incidentView(around, drawing, event.incident, typing);
    case 'runbooks':
      return runbooksView(around, drawing);
    case 'plan':
      if (wanted) return planView(around, drawing, wanted, event.runbook, typing);
      return runbookView(around, drawing, event.runbook, typing, problem);
    case 'runbook':
      return runbookView(around, drawing, event.runbook, typing, problem);
    case 'approvals':
      return approvalsView(around, drawing);
    case 'approval':
      return askedView(around, drawing, event.approval, typing);
  }
}

/** A run by hand writes its incident with its first state, a moment after it was started. */
function starting(drawing: Drawing, id: string): Html {
  return html`<p>Its story is incident ${id}, which is opened in a moment.</p>
    <p>${button(drawing, { title: 'Show it', call: { view: 'incident', incident: id }, primary: true })}</p>`;
}
