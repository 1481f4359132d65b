import * as z from 'zod';
import { takersOf } from '../../../runbooks/language/system.ts';
import { Conflict } from '../../aws/table/items.ts';
import { type Actor, person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { ActionItem, type Answers, NO_ANSWERS, openQuestions, type Review } from '../../incident/review.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';
import { beginFor } from '../../review/begin.ts';
import { QUESTIONS } from '../../review/document.ts';
import { MOST_ANSWERED, weightOfAnswers } from '../../review/weight.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { checked, conflict, invalid, Rejected } from '../rejected.ts';
import { By, words } from './given.ts';
import { knownIncident } from './known.ts';

/** More would be a project, and their rows alone would fill the form. */
const MOST_ACTIONS = 20;
const Text = words(8_000).optional();
const Time = z.iso.datetime().transform((time) => iso(new Date(time)));
const Moment = Time.nullable().optional();

/** What is not given stays as it is. */
const Edit = z.strictObject({
  by: By,
  /** Of the review that the editor has read: 0 where there was none. */
  version: z.coerce.number().int().min(0).default(0),
  owner: z.string().optional(),
  due: Time.optional(),
  /** `finished` once every question is answered; `draft` takes that back. */
  state: z.enum(['draft', 'finished']).optional(),
  summary: Text,
  impact: Text,
  feltFrom: Moment,
  feltUntil: Moment,
  rootCause: Text,
  whyNotSooner: Text,
  whatSlowed: Text,
  resolution: Text,
  actions: z
    .array(ActionItem.extend({ what: words(1_000).pipe(z.string().min(1)), owner: words(200).pipe(z.string().min(1)) }))
    .max(MOST_ACTIONS)
    .optional(),
  learnings: Text,
  briefing: Text,
  runbookLines: Text,
});
type Edit = z.output<typeof Edit>;

const EXPECTED: Record<string, string> = {
  due: 'a time in UTC such as 2026-10-06T12:00:00Z',
  feltFrom: 'a time in UTC such as 2026-10-04T03:12:00Z, or nothing',
  feltUntil: 'a time in UTC such as 2026-10-04T03:31:00Z, or nothing',
  version: 'the number of the version that was read',
};

/** Begins a review where there is none, also while the incident still runs. Begun twice it is begun once. */
export const beginReview =
  (around: Surroundings) =>
  async (id: string, given: unknown): Promise<Review> => {
    const { by } = checked(z.strictObject({ by: By }), given);
    return begunBy(around, await knownIncident(around, id), person(by));
  };

/**
 * Writes a person's answers into a review, and begins it where nobody has.
 * @throws {Rejected} 409 where somebody else has written since the version that was read: theirs stays
 */
export const editReview =
  (around: Surroundings) =>
  async (id: string, given: unknown): Promise<Review> => {
    const edit = checked(Edit, given, '', expectedOf);
    const incident = await knownIncident(around, id);
    mustHave(around, incident, edit);
    mustFit({ ...NO_ANSWERS, ...answersIn(edit) });
    const by = person(edit.by);
    const known = await around.store.reviews.get(incident.id);
    if (!known && edit.version > 0) throw conflict('version', '0', 'nobody has begun this review yet');
    const before = known ?? (await begunBy(around, incident, by));
    // One that was begun here has version 1; whoever began it at the same time may have written on.
    if (before.version !== (known ? edit.version : 1)) throw overtaken(before, edit.version);
    const next = edited(before, edit, by, iso(around.clock.now()));
    mustFit(next.answers);
    if (next.state === 'finished') mustBeAnswered(next, incident);
    try {
      await around.store.reviews.save(next, before.version);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      throw overtaken((await around.store.reviews.get(incident.id)) ?? before, edit.version);
    }
    if (next.state === 'finished' && before.state === 'draft') await tellFinished(around, next, next.finishedBy);
    return next;
  };

async function begunBy(around: Surroundings, incident: Incident, by: Actor): Promise<Review> {
  if (incident.origin === 'rehearsal') throw conflict('id', 'an incident that was one', 'a rehearsal has no review');
  return beginFor(around, incident, by);
}

function edited(before: Review, edit: Edit, by: Actor, now: string): Review {
  const { owner, due, state = before.state } = edit;
  const common = {
    ...before,
    answers: { ...before.answers, ...answersIn(edit) },
    owner: owner ?? before.owner,
    ...(due && due !== before.due && { due, dueBy: by }),
    version: before.version + 1,
    editedAt: now,
    editedBy: by,
  };
  if (state === 'draft') return { ...common, state };
  const finished = before.state === 'finished' ? before : { finishedAt: now, finishedBy: by };
  return { ...common, state, finishedAt: finished.finishedAt, finishedBy: finished.finishedBy };
}

/** What was given of the answers. */
function answersIn({ by: _, version: _read, owner: _owner, due: _due, state: _state, ...given }: Edit): Partial<Answers> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The form that shows them again has to be loaded on a phone, too. The fault stands beside the longest of them. */
function mustFit(answers: Answers): void {
  const { total, heaviest } = weightOfAnswers(answers);
  const expected = `less text: all answers together may take ${MOST_ANSWERED} bytes of a page, and take ${total}`;
  if (total > MOST_ANSWERED) throw invalid(heaviest, expected, `${heaviest}: expected ${expected}`);
}

function mustHave(around: Surroundings, { system }: Incident, { owner, feltFrom, feltUntil }: Edit): void {
  const roles = owner === undefined ? [] : takersOf(systemOf(around, system)).map(({ name }) => name);
  if (owner !== undefined && !roles.includes(owner)) {
    const expected = `one of ${roles.join(', ')}`;
    throw new Rejected(400, { field: 'owner', expected, message: `owner: expected ${expected}` });
  }
  if (feltFrom && feltUntil && feltUntil < feltFrom) {
    const expected = 'a time that is not before feltFrom';
    throw new Rejected(400, { field: 'feltUntil', expected, message: `feltUntil: expected ${expected}` });
  }
}

/** A review that leaves open what its page asks is a draft, whatever anybody calls it. */
function mustBeAnswered({ answers }: Review, incident: Incident): void {
  if (!('resolvedBy' in incident))
    throw conflict('state', 'draft, until the incident is over', 'the incident is not over: its review can not be finished');
  const [first, ...more] = openQuestions(answers, incident).map((field) => ({
    field,
    expected: field === 'actions' ? 'one action item at least' : 'an answer',
    message: `${field} is not answered: ${QUESTIONS[field]}`,
  }));
  if (first) throw new Rejected(400, first, ...more);
}

const expectedOf = (field: string) => EXPECTED[field];

function overtaken({ version, editedBy, editedAt }: Review, read: number): Rejected {
  return conflict(
    'version',
    String(version),
    `${editedBy.name} has written to this review at ${editedAt} (version ${version}; you have read ${read}): nothing of yours was stored`,
  );
}

/** Told by the version, so that one who finishes, takes it back and finishes again is told each time. */
async function tellFinished(around: Surroundings, review: Review, by: Actor): Promise<void> {
  const event: TimelineEvent = {
    v: 1,
    type: 'review-finished',
    at: review.editedAt,
    key: `review-finished-${review.version}`,
    by,
  };
  await around.store.incidents.tell(review.incidentId, event);
}
