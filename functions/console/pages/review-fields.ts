import type { ActionItem } from '../../incident/review.ts';
import type { Form } from './form.ts';

/** The fields that hold words or a time. */
const TEXTS = [
  'summary',
  'impact',
  'feltFrom',
  'feltUntil',
  'rootCause',
  'whyNotSooner',
  'whatSlowed',
  'resolution',
  'learnings',
  'briefing',
  'runbookLines',
  'owner',
  'due',
] as const;

/** A row of action items as it was typed. */
export type Row = Record<keyof ActionItem, string>;

/** What was typed, each field as text. */
export type Words = Record<(typeof TEXTS)[number], string> & { actions: Row[] };

/** The day that the form had, hidden beside the one that may be typed: the auditor moves a day without a new version. */
export const DUE_READ = 'dueRead';

/** The day that a person has typed; nothing where they have left it as it was, or empty. */
export function dueTyped(form: Form): string | undefined {
  const due = (form.due ?? '').trim();
  return due === '' || due === form[DUE_READ] ? undefined : due;
}

/** Rows without a text are none: that is how one is taken out. */
export function typedIn(form: Form): Words {
  const rows: Row[] = [];
  for (let n = 0; form[`actions.${n}.what`] !== undefined; n += 1) {
    const part = (name: keyof ActionItem) => form[`actions.${n}.${name}`] ?? '';
    const row = { what: part('what'), kind: part('kind'), owner: part('owner'), due: part('due') };
    if (row.what.trim() !== '') rows.push(row);
  }
  const text = (name: (typeof TEXTS)[number]) => (form[name] ?? '').replace(/\r\n/g, '\n');
  return {
    summary: text('summary'),
    impact: text('impact'),
    feltFrom: text('feltFrom'),
    feltUntil: text('feltUntil'),
    rootCause: text('rootCause'),
    whyNotSooner: text('whyNotSooner'),
    whatSlowed: text('whatSlowed'),
    resolution: text('resolution'),
    learnings: text('learnings'),
    briefing: text('briefing'),
    runbookLines: text('runbookLines'),
    owner: text('owner'),
    due: text('due'),
    actions: rows,
  };
}

/** Rows as a form names them. */
export function rowsOf(actions: readonly ActionItem[]): Form {
  return Object.fromEntries(
    actions.flatMap((action, n) => Object.entries(action).map(([name, value]) => [`actions.${n}.${name}`, value])),
  );
}

/** The form as the API takes it: a time that is left empty is none, a day that is left empty stays. */
export function editFrom(form: Form): object {
  const { feltFrom, feltUntil, due: _, owner, actions, ...texts } = typedIn(form);
  const due = dueTyped(form);
  return {
    ...texts,
    by: form.by,
    version: form.version,
    ...(form.state && { state: form.state }),
    ...(owner && { owner }),
    ...(due && { due }),
    feltFrom: feltFrom.trim() || null,
    feltUntil: feltUntil.trim() || null,
    actions: actions.map(({ what, kind, owner: who, due: day }) => ({ what, kind, owner: who, due: day.trim() })),
  };
}
