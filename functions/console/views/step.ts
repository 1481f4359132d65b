import { between } from '../../incident/clock.ts';
import type { ActRecord, Evidence, LookRecord } from '../../incident/records.ts';

/** One step on one host, with what it found and the text behind it. */
export interface StepView {
  /** `look` for a diagnosis, `check` for a verification's look, `act` for what changed something. */
  kind: 'look' | 'check' | 'act';
  run: number;
  pass: number;
  step: string;
  title: string;
  /** `-` where it looks from outside. */
  host: string;
  status: LookRecord['status'] | ActRecord['status'];
  startedAt: string;
  endedAt: string | null;
  tookMs: number | null;
  says: string;
  error: string | null;
  facts: unknown;
  /** Raw output, redacted before it was stored; an empty text where there is none. */
  evidence: string;
  because: string | null;
  command: string | null;
  parameters: Record<string, unknown>;
  undo: ActRecord['undo'];
}

const CHECK = /^verify\.\d+\./;

/** All steps in the order in which they began. */
export function stepViews(
  looks: readonly LookRecord[],
  acts: readonly ActRecord[],
  evidence: readonly Pick<Evidence, 'id' | 'text'>[],
): StepView[] {
  const text = new Map(evidence.map((item) => [item.id, item.text]));
  const viewed = [
    ...looks.map((look) => ({ ...common(look, text), kind: CHECK.test(look.step) ? ('check' as const) : ('look' as const) })),
    ...acts.map(
      (act): StepView => ({
        ...common(act, text),
        kind: 'act',
        because: act.because,
        command: act.call.command,
        parameters: act.call.parameters,
        undo: act.undo,
      }),
    ),
  ];
  return viewed.sort((a, b) => a.run - b.run || a.startedAt.localeCompare(b.startedAt) || a.step.localeCompare(b.step));
}

function common(record: LookRecord | ActRecord, text: ReadonlyMap<string, string>): StepView {
  const ended = record.status === 'started' ? undefined : record;
  return {
    kind: 'look',
    run: record.run,
    pass: record.pass,
    step: record.step,
    title: record.title,
    host: record.host,
    status: record.status,
    startedAt: record.startedAt,
    endedAt: ended?.endedAt ?? null,
    tookMs: ended ? between(record.startedAt, ended.endedAt) : null,
    says: ended?.says ?? '',
    error: ended && 'error' in ended ? ended.error : null,
    facts: ended && 'facts' in ended ? ended.facts : null,
    evidence: text.get(ended?.evidence ?? '') ?? '',
    because: null,
    command: null,
    parameters: {},
    undo: null,
  };
}
