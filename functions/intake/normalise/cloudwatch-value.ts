import * as z from 'zod';
import { parsed } from './sns-envelope.ts';
import { utc } from './source-time.ts';

/**
 * `recentDatapoints` run from the oldest to the newest (`startDate` is the first one's time). `evaluatedDatapoints` and
 * the list in the reason run the other way, but carry times: so those are asked first, and by time.
 */
const ReasonData = z.object({
  recentDatapoints: z.array(z.number().nullable()).catch([]),
  evaluatedDatapoints: z.array(z.object({ timestamp: z.string(), value: z.number().optional() })).catch([]),
});
/** `45628.0 (02/10/19 17:10:00)`: day, month, year, in UTC. */
const DATAPOINT = /(-?\d+(?:\.\d+)?(?:E-?\d+)?) \((\d\d)\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\)/g;
/** A reason that a person wrote (`set-alarm-state`) is no measurement, whatever numbers stand in it. */
const EVALUATED = /^Threshold Crossed: /;

interface Datapoint {
  at: string;
  value: number;
}

/**
 * The newest datapoint behind a change of state.
 * @param reasonData EventBridge's `state.reasonData`, a JSON text; not sent through SNS
 * @returns `undefined` when the alarm measured nothing, as a composite one, or was set by hand
 */
export function newestDatapoint(reason: string, reasonData: string | undefined): number | undefined {
  const data = ReasonData.safeParse(parsed(reasonData ?? ''));
  const timed = data.success ? data.data.evaluatedDatapoints.flatMap(({ timestamp, value }) => at(utc(timestamp), value)) : [];
  const recent = data.success ? data.data.recentDatapoints.findLast((value) => value !== null) : undefined;
  return newest(timed) ?? newest(fromReason(reason)) ?? recent ?? undefined;
}

function fromReason(reason: string): Datapoint[] {
  if (!EVALUATED.test(reason)) return [];
  return [...reason.matchAll(DATAPOINT)].flatMap(([, value, day, month, year, time]) =>
    at(utc(`20${year}-${month}-${day}T${time}Z`), Number(value)),
  );
}

function at(time: string | undefined, value: number | undefined): Datapoint[] {
  return time === undefined || value === undefined || !Number.isFinite(value) ? [] : [{ at: time, value }];
}

function newest(points: readonly Datapoint[]): number | undefined {
  return points.toSorted((a, b) => b.at.localeCompare(a.at))[0]?.value;
}
