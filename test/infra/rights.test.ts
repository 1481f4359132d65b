import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { after, iso } from '../../functions/incident/clock.ts';
import { publicDoor } from '../../functions/links/door.ts';
import { makeLinks } from '../../functions/links/token.ts';
import { watch } from '../../functions/watch/watch.ts';
import { permissions } from '../../runbooks/language/permissions.ts';
import { buttonIn, eventOf } from '../functions/widgets/as-cloudwatch.ts';
import { allows } from './iam.ts';
import { LOCAL, may, RIGHTS, type Watched, withinRights } from './within-rights.ts';

const { names } = LOCAL;

/** What a person does by `aws lambda invoke`. */
async function invoke(system: Watched, name: string, payload: object): Promise<unknown> {
  const call = new InvokeCommand({ FunctionName: name, Payload: new TextEncoder().encode(JSON.stringify(payload)) });
  const { Payload, FunctionError } = await system.clock.during(new LambdaClient({}).send(call));
  expect(FunctionError).toBeUndefined();
  return JSON.parse(new TextDecoder().decode(Payload));
}

const post = (path: string, body: object) => ({ method: 'POST', path, body: { by: 'Ada', ...body } });

describe('a runbook for hosts', () => {
  const of = names.stepFunction('saveit/compose-not-responding');
  const sent = (hostTags: Record<string, string>) => {
    const { about = '', statements = [] } = permissions({ ...LOCAL, hostTags }).find((rights) => rights.of === of) ?? {};
    return { about, sends: statements.filter(({ actions }) => actions.some((action) => action.startsWith('ssm:'))) };
  };

  it('may reach no host where its system has none, and its page says so', () => {
    const { about, sends } = sent({ sira: 'firebreak:system=sira' });
    expect([sends, about]).toEqual([[], expect.stringContaining('none of saveit is configured')]);
  });

  it('may reach those that carry the tag of its system', () => {
    const { about, sends } = sent(LOCAL.hostTags);
    expect(sends.map(({ sid }) => sid)).toEqual(['SendDocuments', 'SendToHosts', 'FollowCommands']);
    expect(sends[1]?.conditions).toEqual({ StringEquals: { 'ssm:resourceTag/firebreak:system': 'saveit' } });
    expect(about).not.toContain('no host');
  });
});

/** The emulator asks after actions and resources, not after leading keys or tags: this is what stands between a missing right and an incident at three in the morning. */
describe('the rights of the functions that no example plays', () => {
  it('are enough for what people ask of mode, promote, approve and console', { timeout: 60_000 }, async () => {
    const system = await withinRights();
    const ask = (name: string, payload: object) => invoke(system, name, payload);
    system.simulation.switchOn('backend-down');
    await ask(names.promoteFunction, { scope: 'sira/application-down', mode: 'ask', by: 'Ada', reason: 'first week' });
    await ask(names.modeFunction, { scope: 'all', mode: 'ask', by: 'Ada', reason: 'a storm' });
    await ask(names.consoleFunction, post('/api/runbooks/sira/application-down/executions', { reason: 'a drill' }));
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    const { id } = await system.incident();
    const question = async () => (await system.around.store.people.approvals(id)).find((one) => !one.decision && one.token);
    await system.until(async () => (await question()) !== undefined);
    await ask(names.approveFunction, { id: `${id}.${(await question())?.id}`, decision: 'deny', by: 'Grace', reason: 'not now' });
    await system.until(() => system.quiet());
    await ask(names.consoleFunction, post(`/api/incidents/${id}/run-again`, {}));
    await system.until(async () => (await question()) !== undefined);
    await ask(names.consoleFunction, post(`/api/incidents/${id}/stop`, {}));
    await system.until(() => system.quiet());
    for (const what of ['acknowledge', 'take-over', 'resolve'])
      await ask(names.consoleFunction, post(`/api/incidents/${id}/${what}`, {}));
    await ask(names.consoleFunction, post(`/api/incidents/${id}/notes`, { text: 'all well' }));
    await ask(names.consoleFunction, post('/api/incidents', { system: 'sira', title: 'slow', severity: 'P2' }));
    for (const path of ['/api/incidents', `/api/incidents/${id}`, '/api/runbooks', '/api/automation'])
      await ask(names.consoleFunction, { path });
    await ask(names.promoteFunction, { scope: 'sira/application-down', mode: 'auto', by: 'Ada', reason: 'it was right' });
    expect(system.denied()).toEqual([]);
    const made = system.made();
    expect(made, 'a promotion reads what the runbook did').toContain(`${names.promoteFunction}: dynamodb Query`);
    for (const call of ['states StartExecution', 'states SendTaskSuccess', 'dynamodb Query'])
      expect(made).toContain(`${names.consoleFunction}: ${call}`);
    for (const name of [names.modeFunction, names.promoteFunction, names.approveFunction])
      expect(made.some((call) => call.startsWith(`${name}: dynamodb`))).toBe(true);
  });

  it('are enough for what people press on the dashboard', { timeout: 60_000 }, async () => {
    const system = await withinRights();
    const draw = async (parameters: object, typed: Record<string, string> = {}) =>
      String(await invoke(system, names.widgetsFunction, eventOf(parameters, typed)));
    const typed = { by: 'Ada', reason: 'a drill', text: 'all well', to: 'devops', severity: 'P0', minutes: '5' };
    const press = async (parameters: object, title: string) => draw(buttonIn(await draw(parameters), title).parameters, typed);
    system.simulation.switchOn('backend-down');
    await invoke(system, names.modeFunction, { scope: 'all', mode: 'ask', by: 'Ada', reason: 'a storm' });
    const plan = await press({ view: 'runbook', runbook: 'sira/application-down' }, 'Run it: first see what may happen');
    await draw(buttonIn(plan, 'Start it').parameters);
    const asks = async () => (await system.incidents())[0]?.automation === 'awaiting-approval';
    const question = async () => {
      const [incident] = await system.incidents();
      const asked = incident ? await system.around.store.people.approvals(incident.id) : [];
      return asked.some(({ decision, token }) => !decision && token);
    };
    await system.until(async () => (await asks()) && question());
    for (const view of ['open', 'worst', 'runbooks', 'approvals']) await draw({ view });
    const here = { view: 'incident', incident: (await system.incident()).id };
    await draw(buttonIn(await press({ view: 'approvals' }, 'Read and answer'), 'Deny').parameters, typed);
    await system.until(() => system.quiet());
    await press(here, 'Run again');
    await system.until(async () => (await asks()) && question());
    for (const title of ['Set the severity', 'Hand over', 'Escalate now', 'Ask for quiet', 'Stop the automation'])
      await press(here, title);
    await system.until(() => system.quiet());
    for (const title of ['Take over', 'Add the note', 'Resolve', 'Close']) await press(here, title);
    expect((await system.incident()).status).toBe('closed');
    expect(system.denied()).toEqual([]);
    for (const call of ['states StartExecution', 'states SendTaskSuccess', 'dynamodb Query', 'events PutEvents'])
      expect(system.made()).toContain(`${names.widgetsFunction}: ${call}`);
  });

  it('are enough for the links in pages: each of them pressed, and opened before', { timeout: 60_000 }, async () => {
    const system = await withinRights();
    const { simulation, around, clock } = system;
    const door = publicDoor(around);
    simulation.switchOn('backend-down');
    await clock.during(setMode(around)({ scope: 'all', mode: 'ask', by: 'Ada', reason: 'a drill' }));
    system.alarm('sira-APIDown', 'ALARM');
    const question = async () => (await system.incidents())[0]?.automation === 'awaiting-approval';
    await system.until(question);
    const { id } = await system.incident();
    const [asked] = await around.store.people.approvals(id);
    const until = after(iso(clock.now()), 3_600_000);
    const actions = ['stop', `deny:${asked?.id ?? ''}`, 'acknowledge', 'take-over', 'resolve'] as const;
    const whose = { incidentId: id, system: 'sira', contact: 'Ada', role: 'oncall', until };
    const links = await clock.during(makeLinks(around, { ...whose, actions }));
    for (const link of links.values())
      for (const method of ['GET', 'POST'])
        await system.as(names.linksFunction, () =>
          clock.during(Promise.resolve(door.request(new URL(link).pathname, { method }))),
        );
    await system.until(() => system.quiet());
    expect((await system.incident()).status).toBe('resolved');
    expect(system.denied().filter((one) => one.startsWith(names.linksFunction))).toEqual([]);
    expect(system.made()).toContain(`${names.linksFunction}: states SendTaskSuccess`);
  });

  it('are enough for intake: an alarm, its repeat and its end, one that no runbook knows, one that nobody understands', async () => {
    const system = await withinRights();
    const change = (name: string, state: 'ALARM' | 'OK') => {
      system.alarm(name, state);
      return system.until(() => system.made().some((call) => call.startsWith(`${names.intakeFunction}: dynamodb`)));
    };
    await change('sira-APIDown', 'ALARM');
    await change('sira-APIDown', 'OK');
    await system.until(() => system.quiet());
    await system.around.topics.publish(names.signalsTopic, 'firing', 'what is this');
    await system.until(() => system.made().includes(`${names.intakeFunction}: sns Publish`));
    expect(system.denied()).toEqual([]);
    expect(system.made()).toContain(`${names.intakeFunction}: states StartExecution`);
  });

  it('are enough for the auditor: a run that was aborted, and a quiet round', async () => {
    const system = await withinRights();
    const round = watch(system.around);
    await system.as(names.watchFunction, round);
    system.simulation.switchOn('deploy-running');
    system.simulation.switchOn('backend-down');
    system.alarm('sira-APIDown', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    await system.as(names.watchFunction, round);
    const [execution] = system.aws.executions();
    await system.clock.during(new SFNClient({}).send(new StopExecutionCommand({ executionArn: execution?.executionArn })));
    await system.as(names.watchFunction, () => system.clock.during(round()));
    expect(system.denied()).toEqual([]);
    expect(system.made()).toContain(`${names.watchFunction}: states DescribeExecution`);
    expect(system.made()).toContain(`${names.escalateFunction}: sns Publish`);
  });
});

describe('what nobody may', () => {
  const steps = RIGHTS.filter(({ of }) => of.startsWith('firebreak-step-'));
  const onHost = (tag: string) => ({
    action: 'ssm:SendCommand',
    resource: 'arn:aws:ec2:us-east-1:000000000000:instance/i-0a1b2c3d4e5f60718',
    context: { 'ssm:resourceTag/firebreak:system': [tag] },
  });

  it('only the runbooks’ own functions can send a command, and only to their own system’s hosts', () => {
    const ofSira = steps.filter(({ of }) => of.startsWith(names.stepFunction('sira/')));
    expect(ofSira.length).toBeGreaterThan(10);
    expect(steps.filter(({ of }) => may(of, onHost('sira')))).toEqual(ofSira);
    // All but one of Save-It's act in a cluster, and send no host anything.
    const composed = names.stepFunction('saveit/compose-not-responding');
    for (const { of } of RIGHTS) {
      expect(may(of, onHost('saveit'))).toBe(of === composed);
      expect(may(of, { ...onHost('saveit'), context: {} })).toBe(false);
      expect(may(of, { ...onHost('sira'), context: {} })).toBe(false);
      if (!ofSira.some((step) => step.of === of)) expect(may(of, onHost('sira'))).toBe(false);
    }
  });

  it('a runbook sends its own commands and no others', () => {
    const down = names.stepFunction('sira/application-down');
    const sends = (command: string) =>
      may(down, {
        action: 'ssm:SendCommand',
        resource: `arn:aws:ssm:us-east-1:000000000000:document/${names.pinnedDocument(command, '0a1b2c3d')}`,
        context: {},
      });
    expect(sends('restart-services')).toBe(true);
    expect(sends('delete-backups')).toBe(false);
    expect(
      may(down, { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript', context: {} }),
    ).toBe(false);
  });

  it('no run can let itself do more, and nobody can delete, scan, or write the mode but those two', () => {
    const write = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/firebreak-incidents' };
    const mode = { ...write, context: { 'dynamodb:LeadingKeys': ['MODE#all'] } };
    expect(RIGHTS.filter(({ of }) => may(of, mode)).map(({ of }) => of)).toEqual([names.modeFunction, names.promoteFunction]);
    for (const { of } of RIGHTS)
      for (const action of ['dynamodb:Scan', 'dynamodb:DeleteItem', 'dynamodb:DeleteTable', 'iam:PassRole', 'ssm:StartSession'])
        expect(may(of, { action, resource: write.resource, context: {} })).toBe(false);
  });

  it('a step can’t touch another system’s claims, lock or breakers', () => {
    const of = names.stepFunction('sira/disk-space-low');
    const write = (pk: string) =>
      may(of, {
        action: 'dynamodb:UpdateItem',
        resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/firebreak-incidents',
        context: { 'dynamodb:LeadingKeys': [pk] },
      });
    expect(['LOCK#sira', 'CLAIM#v1:sira:DiskSpaceLow:sira-prod-1', 'BREAKER#sira#restart#all', 'INCIDENT#X'].map(write)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['LOCK#saveit', 'LOCK#sira2', 'CLAIM#v1:saveit:x:y', 'BREAKER#saveit#restart#all'].map(write)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('a condition that the matcher does not know holds for nobody', () => {
    const statement = { sid: 'X', actions: ['a:B'], resources: ['*'], conditions: { Bool: { x: 'true' } }, why: '' };
    expect(allows([statement], { action: 'a:B', resource: 'r', context: { x: ['true'] } })).toBe(false);
  });
});
