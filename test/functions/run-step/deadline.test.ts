import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { type CommandState, type Sending, SystemsManager } from '../../../functions/aws/systems-manager.ts';
import { runStep, type StepEvent } from '../../../functions/run-step/run-step.ts';
import { leapingClock } from '../../../local/clocks.ts';
import { EXIT_IN_DOUBT, EXIT_TOO_LATE } from '../../../runbooks/commands/exits.ts';
import { whole } from '../../local/whole.ts';
import { leaveOneFile } from '../leave-one-file.ts';

const HOST = { instanceId: 'i-0a1b2c3d4e5f60718', online: true, ping: 'Online' };
const RUNNING: CommandState = { state: 'running' };
const ended = (stdout: string, exitCode = 0, stderr = ''): CommandState => ({ state: 'ended', exitCode, stdout, stderr });
const lost = (how: string): CommandState => ({ state: 'lost', how, stdout: '', stderr: '' });

/** Run Command as the test says: what a command's host answers, by the command, and whether it has been cancelled. */
class SaidHosts extends SystemsManager {
  readonly cancelled: string[] = [];
  private readonly sent: Sending[] = [];
  private readonly says: (command: string, cancelled: boolean) => CommandState;
  constructor(says: (command: string, cancelled: boolean) => CommandState) {
    super(new SSMClient({ region: 'us-east-1' }));
    this.says = says;
  }
  override async tagged() {
    return [HOST];
  }
  override async send(sending: Sending) {
    return String(this.sent.push(sending));
  }
  override async state(commandId: string) {
    const { document = '' } = this.sent[Number(commandId) - 1] ?? {};
    return this.says(document.replace(/^firebreak-/, ''), this.cancelled.includes(commandId));
  }
  override async cancel(commandId: string) {
    this.cancelled.push(commandId);
  }
}

const WELL: Record<string, CommandState> = {
  'test-files': ended('{"files":0}\n'),
  'test-no-deployment': ended('{"underWay":false,"endedSecondsAgo":null,"sign":"none"}\n'),
};

/** A run by hand whose steps the test carries out one by one, on a clock that leaps. */
async function run(says: (command: string, cancelled: boolean) => CommandState | undefined) {
  const runbook = leaveOneFile('one', 'DiskSpaceLow');
  const system = await whole({ registry: { systems: [runbook.system], runbooks: [runbook] }, monitoring: false });
  const hosts = new SaidHosts((command, cancelled) => says(command, cancelled) ?? WELL[command] ?? RUNNING);
  const clock = leapingClock();
  const around = { ...system.around, hosts, clock };
  const origin = { runbook: runbook.id, execution: 'arn:by-hand', executionName: 'by-hand' };
  const state = await runStep(around)({ ...origin, kind: 'open', step: 'open', input: {} });
  const began = clock.now().getTime();
  const carryOut = async (kind: 'look' | 'act', step: string) => {
    const event: StepEvent = { ...origin, kind, step, state: { ...state, message: '' } };
    for (;;) {
      const answer = await runStep(around)(event);
      if (answer.outcome !== 'running') return answer;
      await clock.sleep(answer.waitSeconds * 1_000);
    }
  };
  const everything = () => around.store.steps.everything(state.incidentId);
  return { carryOut, everything, hosts, seconds: () => (clock.now().getTime() - began) / 1_000 };
}

async function acted(says: (command: string, cancelled: boolean) => CommandState | undefined) {
  const begun = await run(says);
  for (const look of ['count', 'deployment']) await begun.carryOut('look', look);
  const answer = await begun.carryOut('act', 'leave-a-file');
  const { acts, evidence } = await begun.everything();
  return { ...begun, answer, act: acts[0], evidence };
}

describe('a look', () => {
  it('whose command never ends is cancelled after its time and delivery, and the fact it would have given is missing', async () => {
    const { carryOut, everything, hosts, seconds } = await run((command) => (command === 'test-files' ? RUNNING : undefined));
    expect(await carryOut('look', 'count')).toMatchObject({ outcome: 'done' });
    expect(hosts.cancelled).toEqual(['1']);
    expect(seconds()).toBeGreaterThanOrEqual(120);
    expect(seconds()).toBeLessThan(130);
    expect((await everything()).looks).toMatchObject([
      { status: 'failed', error: expect.stringMatching(/no answer within 12\d/) },
    ]);
    await carryOut('look', 'deployment');
    expect(await carryOut('act', 'leave-a-file')).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/^no answer within.*the fact "count"/),
    });
  });

  it.each([
    ['was not delivered', lost('DeliveryTimedOut'), /DeliveryTimedOut/],
    ['said nothing', ended(''), /cannot be read: first line/],
    ['said something else', ended('bash: find: not found\n{"files":0}'), /cannot be read: first line/],
    ['said a fact of another kind', ended('{"files":"many"}'), /cannot be read: files/],
    ['failed', ended('', 3, 'one\nno such folder'), /^no such folder$/],
  ])('whose command %s has failed, and says why', async (_name, says, why) => {
    const { carryOut, everything } = await run(() => says);
    expect(await carryOut('look', 'count')).toMatchObject({ outcome: 'done' });
    expect((await everything()).looks).toMatchObject([{ status: 'failed', error: expect.stringMatching(why) }]);
  });

  it('that cannot be read keeps what came as evidence, without its secrets', async () => {
    const said = ended('no JSON\nDB_PASSWORD=hunter2\n', 0, 'postgresql://sira:hunter2@db refused');
    const { carryOut, everything } = await run(() => said);
    await carryOut('look', 'count');
    const { looks, evidence } = await everything();
    expect(evidence).toMatchObject([{ host: 'sira-prod-1', text: expect.stringContaining('no JSON\nDB_PASSWORD=[redacted]') }]);
    expect(JSON.stringify([looks, evidence])).not.toContain('hunter2');
  });

  it('that can be read keeps what came after its facts, without its secrets', async () => {
    const { carryOut, everything } = await run(() => ended('{"files":2}\ntoken=hunter2 a\n'));
    await carryOut('look', 'count');
    expect(await everything()).toMatchObject({
      looks: [{ status: 'done', facts: { files: 2 } }],
      evidence: [{ text: 'token=[redacted] a\n' }],
    });
  });
});

describe('an act', () => {
  const act = (says: (cancelled: boolean) => CommandState) =>
    acted((command, cancelled) => (command === 'test-file' ? says(cancelled) : undefined));

  it('that never ends is cancelled once, and stays a doubt', async () => {
    const { answer, act: record, hosts, seconds } = await act(() => RUNNING);
    expect(answer).toMatchObject({ outcome: 'failed', message: expect.stringContaining('it is not known how far it came') });
    expect(record).toMatchObject({ status: 'doubt' });
    expect(hosts.cancelled).toHaveLength(1);
    expect(seconds()).toBeLessThan(130);
  });

  it('that ended at the moment of its cancellation is done after all', async () => {
    const { answer, act: record } = await act((cancelled) => (cancelled ? ended('{"left":1}') : RUNNING));
    expect(answer.outcome).toBe('done');
    expect(record).toMatchObject({ status: 'done', facts: { left: 1 } });
  });

  it.each([
    ['was not delivered', lost('DeliveryTimedOut'), 'doubt', /not known whether it was carried out/],
    ['was begun before, and nobody knows its end', ended('', EXIT_IN_DOUBT), 'doubt', /its end is not known/],
    ['came too late', ended('', EXIT_TOO_LATE), 'failed', /too late and was not carried out/],
    ['failed', ended('', 1, 'password=hunter2 is wrong'), 'failed', /^password=\[redacted\] is wrong$/],
    ['said what cannot be read', ended('done!'), 'failed', /cannot be read/],
  ])('that %s ends the run', async (_name, says, status, why) => {
    const { answer, act: record } = await act(() => says);
    expect(answer.outcome).toBe('failed');
    expect(record).toMatchObject({ status, error: expect.stringMatching(why) });
  });
});
