import { type Percentiles, percentiles } from './percentiles.ts';
import { type Call, tallied } from './recorder.ts';
import { endIncident } from './rest.ts';
import { skippingClock } from './skipping-clock.ts';
import { onStage, type Stage } from './stage.ts';

/** A P0, which pages at once, whether or not the automation is at work. */
const ALARM = 'sira-APIDown';
const FIRST = 'oncall';

export interface PageFigures {
  /** From the moment an alarm changes its state until SNS has the mail to the on-call engineer, in milliseconds. */
  alarmToPageMs: Percentiles;
  /** What the two functions on that way call until then: intake, and the look at the ladder. The last of the alarms. */
  calls: Record<string, number>;
  byService: Record<string, number>;
}

/** @param alarms one after the other, each of which finds the house warm, and at rest */
export function alarmToPage(alarms: number): Promise<PageFigures> {
  const clock = skippingClock();
  return onStage(clock, async (stage) => {
    const took: number[] = [];
    let calls: Call[] = [];
    for (let made = 0; made < alarms; made += 1) {
      const before = stage.aws.inbox().length;
      const raisedAt = clock.now().getTime();
      const paged = firstPage(stage, before);
      stage.alarm(ALARM, 'ALARM');
      const { at, call } = await paged;
      took.push(Date.parse(at) - raisedAt);
      calls = onTheWay(stage, call);
      await endIncident(stage, clock, ALARM);
    }
    return { alarmToPageMs: percentiles(took), calls: tallied(calls), byService: countedBy(calls) };
  });
}

function countedBy(calls: readonly Call[]): Record<string, number> {
  const services = [...new Set(calls.map(({ service }) => service))].sort();
  return Object.fromEntries(services.map((name) => [name, calls.filter(({ service }) => service === name).length]));
}

const isStart = ({ service, operation }: Call) => service === 'states' && operation === 'StartExecution';
const isPublish = ({ service, operation }: Call) => service === 'sns' && operation === 'Publish';

/** The page, among whatever else is sent: those who are only told of it hear at the same moment. */
async function firstPage({ recorded, aws }: Stage, before: number): Promise<{ at: string; call: Call }> {
  for (;;) {
    await recorded.next(isPublish);
    const since = aws.inbox().slice(before);
    const place = since.findIndex(({ role }) => role === FIRST);
    // One mail comes of each call, in their order.
    const [mail, call] = [since[place], recorded.calls().filter(isPublish)[place]];
    if (mail && call) return { at: mail.at, call };
  }
}

/** What had the ladder climbed, until it was started; then what sent the page, until it was sent. */
function onTheWay({ recorded }: Stage, page: Call): Call[] {
  const until = recorded.calls().slice(0, recorded.calls().indexOf(page) + 1);
  const started = until.findLast((call) => isStart(call) && call.invocation !== page.invocation);
  const intake = until
    .slice(0, started && until.indexOf(started) + 1)
    .filter(({ invocation }) => invocation === started?.invocation);
  return [...intake, ...until.filter(({ invocation }) => invocation === page.invocation)];
}
