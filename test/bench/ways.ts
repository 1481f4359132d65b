import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { virtualClock } from '../../local/clocks.ts';
import type { Example, Runbook } from '../../runbooks/language/definition.ts';
import { costOfIncident, total } from './costs.ts';
import { tallied } from './recorder.ts';
import { LIMIT_MS, metricHours, type RunCalls, transitionsOf } from './run-calls.ts';
import { onStage, type Stage } from './stage.ts';

/** What one way through a runbook takes: the one on which it helps or finds all well, or the one that ends at a person. */
export interface WayCalls extends RunCalls {
  way: 'good' | 'bad';
  example: string;
  dynamoDb: number;
  systemsManager: number;
  pages: number;
  /** At list prices, US dollars. */
  dollars: number;
}

/** Of a runbook's own examples the first of each kind in which nobody is asked; one with a fault says more than one without. */
export function waysOf({ examples }: Pick<Runbook, 'examples'>): { way: WayCalls['way']; example: Example }[] {
  const unasked = examples.filter(({ answers, dryRun }) => answers === undefined && !dryRun);
  const first = (ends: readonly Example['ends'][]) => {
    const fitting = unasked.filter((example) => ends.includes(example.ends));
    return fitting.find(({ faults }) => faults.length > 0) ?? fitting[0];
  };
  // Where every bad way asks a person first, nobody answers: silence is a no, and a person has it all the same.
  const refused = examples.find(({ ends, answers, dryRun }) => ends === 'escalated' && answers === 'deny' && !dryRun);
  const [good, bad] = [first(['resolved']) ?? first(['succeeded']), first(['escalated']) ?? refused];
  return [...(good ? [{ way: 'good' as const, example: good }] : []), ...(bad ? [{ way: 'bad' as const, example: bad }] : [])];
}

/** Plays an example and counts. Time stands still while a call is under way, so the counts are the same at every run. */
export function wayCalls(runbook: Runbook, way: WayCalls['way'], example: Example, memoryMb: number): Promise<WayCalls> {
  const clock = virtualClock();
  return onStage(clock, async (stage) => {
    const { simulation, recorded, aws, around } = stage;
    for (const fault of example.faults) simulation.switchOn(fault);
    await begin(stage, runbook, example, (work) => clock.during(work));
    const over = () => aws.executions().length > 0 && aws.executions().every(({ status }) => status !== 'RUNNING');
    const { alert } = example;
    if (alert) {
      const well = () =>
        recorded.calls().length > 0 && simulation.measure().every((one) => one.alert !== alert.name || !one.firing);
      await clock.drive(() => over() || well(), LIMIT_MS);
      if (!over()) stage.alarm(`${runbook.system.id}-${alert.name}`, 'OK');
    }
    await clock.drive(over, LIMIT_MS);
    // Before anything else is asked, for that is counted too.
    const [calls, invocations, pages] = [[...recorded.calls()], recorded.invocations(), aws.inbox().length];
    const transitions = await clock.during(transitionsOf(stage));
    const incidents = await clock.during(Promise.all([around.store.incidents.past(), around.store.incidents.open()]));
    const of = (service: string) => calls.filter((call) => call.service === service).length;
    const run: RunCalls = {
      runbook: runbook.id,
      ended: incidents.flat()[0]?.automation ?? 'without an incident',
      stateTransitions: transitions,
      invocations,
      calls: tallied(calls),
      metricHours: metricHours(stage),
      dynamoDbPerTransition: Math.round((10 * of('dynamodb')) / transitions) / 10,
    };
    const dollars = total(costOfIncident(run, memoryMb, pages));
    return { ...run, way, example: example.name, dynamoDb: of('dynamodb'), systemsManager: of('ssm'), pages, dollars };
  });
}

async function begin(
  stage: Stage,
  runbook: Runbook,
  { alert, schedule, parameters }: Example,
  during: (work: Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  if (alert) return stage.alarm(`${runbook.system.id}-${alert.name}`, 'ALARM', alert.value);
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${stage.names.stateMachine(runbook.id)}`;
  const by = schedule === undefined ? { requestedBy: 'the benchmark' } : { schedule };
  const input = JSON.stringify({ ...by, ...(parameters && { parameters }) });
  await during(new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input })));
}
