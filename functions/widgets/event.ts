import * as z from 'zod';

/** What a widget can show. Only `open`, `worst`, `runbooks` and `approvals` are on the dashboard itself; the rest opens over it. */
export const VIEWS = ['open', 'worst', 'incident', 'runbooks', 'runbook', 'plan', 'approvals', 'approval'] as const;

/** What a person does to an incident, as the console's API names it; to a runbook; to a question. */
const INCIDENT_ACTIONS = [
  'acknowledge',
  'take-over',
  'stop',
  'run-again',
  'escalate-now',
  'hand-over',
  'snooze',
  'severity',
  'note',
  'undo',
  'resolve',
  'close',
] as const;
export type IncidentAction = (typeof INCIDENT_ACTIONS)[number];
export const ACTIONS = [...INCIDENT_ACTIONS, 'rehearse', 'run', 'approve', 'deny'] as const;
export type Action = (typeof ACTIONS)[number];

/** What was typed into a field; CloudWatch gives text, and a hand-made event may give what it likes. */
const Typed = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/**
 * What CloudWatch says of the dashboard around a widget. Loose, because it may say more tomorrow; of it only this is used.
 * See "Details about custom widgets in CloudWatch" in its guide.
 */
const WidgetContext = z.looseObject({
  dashboardName: z.string().default(''),
  /** All fields of all forms, by their names. */
  forms: z.looseObject({ all: z.record(z.string(), Typed).default({}) }).default({ all: {} }),
  /** What the widget itself is drawn with, each time; a button's own parameters are never among it. */
  params: z.unknown().optional(),
});

const Id = z.string().max(200).default('');

/**
 * The event of a custom widget: the parameters of the widget, or those of the button that was pressed, beside `widgetContext`.
 * What is not known is left alone: a dashboard may pass what it likes.
 */
export const WidgetEvent = z.looseObject({
  /** CloudWatch asks what the widget is, when somebody adds one. */
  describe: z.boolean().default(false),
  view: z.enum(VIEWS).default('open'),
  incident: Id,
  runbook: Id,
  approval: Id,
  /** What a pressed button does. Without one nothing is changed. */
  action: z.enum(ACTIONS).optional(),
  /** Tells one drawing of a button from the next: what comes twice from the same drawing is one press. */
  request: z.string().max(200).default(''),
  /** When the button was drawn, ISO 8601 in UTC. */
  shown: z.iso.datetime().optional(),
  /** The change to take back, and the host on which it was made. */
  act: Id,
  host: Id,
  /** What was typed in the form before, carried by a button of what stands in its place now. */
  given: z.record(z.string(), Typed).default({}),
  widgetContext: WidgetContext.prefault({}),
});
export type WidgetEvent = z.output<typeof WidgetEvent>;

/** What was typed, by the names of the fields, here or in the form before. */
export const typingOf = ({ given, widgetContext }: WidgetEvent): Record<string, string> => ({
  ...given,
  ...widgetContext.forms.all,
});

/** The words of one field, without the blanks around them. */
export const typed = (event: WidgetEvent, field: string): string => (typingOf(event)[field] ?? '').trim();
