import { type AwsCli, assertInstalled, awsCli, type Execution } from './cli/aws.ts';
import { type ConsoleApi, consoleApi, type Incident, type Notification, type Whole } from './cli/console.ts';
import { type LocalMode, startLocalMode } from './cli/local-mode.ts';
import { tally } from './tally.ts';
import { inShort } from './told.ts';
import { until } from './until.ts';

/**
 * Game days, as the README tells people to hold them: `npm start`, a fault, and the real AWS CLI. Each has a process and data of
 * its own: what one has restarted does not count against the next.
 */

const SOON_MS = 180_000;
/** A run works at the machine's own pace, whatever the speed, and the machine may be busy. */
const RUN_MS = 420_000;
/** A page's first two lines fit into an SMS. */
const FIRST_LINES = 140;
const LAST_EVENTS = 15;
const DISK = 'sira/disk-space-low';
const DOWN = 'sira/application-down';

/** A P0 is told to the team and the stakeholders, who have nothing to do for it: that it has begun, and that it is over. */
const BEGINNING = ['stakeholders: Update', 'team: Update'];
const END = ['stakeholders: Over', 'team: Over'];

interface Place {
  local: LocalMode;
  aws: AwsCli;
  api: ConsoleApi;
}

const results = tally();
try {
  console.log(await assertInstalled());
  await gameDay('disk-full-logs', (place) => mended(place, 'disk-full-logs', 'sira-DiskSpaceLow', DISK));
  await gameDay('backend-down', (place) => mended(place, 'backend-down', 'sira-APIDown', DOWN));
  await gameDay('backend-broken', (place) => handedOver(place, 'backend-broken'));
  await gameDay('host-unreachable', (place) => handedOver(place, 'host-unreachable'));
  await gameDay('by hand', byHand);
} catch (error) {
  results.failed('the AWS CLI', error);
}
process.exitCode = results.end();

async function gameDay(name: string, story: (place: Place) => Promise<void>): Promise<void> {
  const began = performance.now();
  let local: LocalMode | undefined;
  try {
    local = await startLocalMode();
    console.log(`\n${name}: GET /healthz answered ${Math.round(local.tookMs)} ms after the start`);
    const place = { local, aws: awsCli(local.url), api: consoleApi(local.url) };
    await until('the monitoring finds everything well', () => allWell(place.api), SOON_MS);
    await story(place);
  } catch (error) {
    results.failed(name, error);
    console.log(local?.log() ?? '');
    if (local) await whereItStands(consoleApi(local.url));
  } finally {
    await local?.stop();
  }
  console.log(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
}

/** For whoever reads of a failure: how far each incident came. */
async function whereItStands(api: ConsoleApi): Promise<void> {
  for (const { id } of await api.incidents()) {
    const { incident, timeline } = await api.whole(id);
    console.log(`      ${JSON.stringify(incident).slice(0, 400)}`);
    for (const event of timeline.slice(-LAST_EVENTS)) console.log(`      | ${JSON.stringify(event).slice(0, 300)}`);
  }
}

/** An alarm that the runbook answers alone. */
async function mended({ aws, api }: Place, fault: string, alarm: string, runbook: string): Promise<void> {
  await api.switchOn(fault);
  await aws.setAlarm(alarm, 'drill');
  const ended = await settled(api, ({ status }) => status === 'resolved');
  results.equal(`${fault}: ends resolved`, [ended.status, ended.automation], ['resolved', 'succeeded']);
  // On a busy machine the site may answer so late for a moment that another alarm finds something, too.
  results.equal(`${fault}: one incident`, (await api.incidents()).filter((one) => one.alert === ended.alert).length, 1);
  told(fault, await api.whole(ended.id));
  const [arn = '', ...more] = await aws.executions(runbook);
  results.equal(`${fault}: the one execution is its run`, [arn, ...more], [ended.runs[0]?.execution]);
  results.equal(`${fault}: the execution is green`, (await over(aws, arn)).status, 'SUCCEEDED');
  const expected = ended.severity === 'P0' ? ['oncall: page', ...BEGINNING, ...END].sort() : [];
  const whom =
    expected.length > 0 ? 'of a P0 the on-call engineer hears at once, and nobody is woken besides' : 'nobody was woken';
  results.equal(`${fault}: ${whom}`, (await api.notifications()).map(inShort).sort(), expected);
}

/** The timeline of a run that acted: each look with its facts, the gate's answers, the acts, the checks. */
function told(fault: string, { timeline, steps }: Whole): void {
  const looked = timeline.filter((event) => event.type === 'looked');
  const facts = (step: string, host: string, pass: number) =>
    steps.find((one) => one.kind === 'look' && one.step === step && one.host === host && one.pass === pass)?.facts;
  results.holds(
    `${fault}: the timeline tells each look (${looked.length}) with its facts and how long it took`,
    looked.length > 0 &&
      looked.every(({ ok, says, tookMs, step, host, pass }) => ok && says && tookMs >= 0 && facts(step, host, pass) != null),
  );
  const acts = timeline.filter((event) => event.type === 'act-finished');
  results.holds(
    `${fault}: and each act (${acts.length}), that it worked and how long it took`,
    acts.length > 0 && acts.every(({ ok, says, tookMs }) => ok && says !== '' && tookMs > 0),
  );
  results.holds(
    `${fault}: and for each act the gate's go, with reasons`,
    acts.every(({ step, host }) =>
      timeline.some(
        (event) =>
          event.type === 'gate' &&
          event.step === step &&
          event.host === host &&
          event.answer === 'go' &&
          event.reasons.length > 0,
      ),
    ),
  );
  const last = timeline.filter((event) => event.type === 'checked').at(-1);
  results.holds(`${fault}: and the checks, the last of them good`, last !== undefined && last.good === last.of && last.of > 1);
}

/** An alarm of which a person must hear, who acknowledges it by the link of their mail, and "run again" once its cause is gone. */
async function handedOver({ local, aws, api }: Place, fault: string): Promise<void> {
  await api.switchOn(fault);
  await aws.setAlarm('sira-APIDown', 'drill');
  const escalated = await settled(api, ({ automation }) => automation === 'escalated');
  // At once: on a busy machine the next rung of the ladder would have its page before all of this is looked at.
  const page = await until('the on-call engineer is paged about it again', () => pageOf(api, 'oncall', 2), SOON_MS);
  await acknowledgedByLink(api, page, escalated.id, fault);
  results.equal(`${fault}: ends at a person, still open`, escalated.status, 'open');
  const [arn = ''] = await aws.executions(DOWN);
  const { status, error } = await over(aws, arn);
  results.equal(`${fault}: the execution is red`, [status, error], ['FAILED', 'Escalated']);

  const before = (await api.notifications()).map(inShort).sort();
  const open = minutesOpen(await api.whole(escalated.id));
  // At once and when it is handed over; the others when their time has come before somebody has it.
  const others = [open > 15 ? ['lead: page'] : [], open > 30 ? ['cto: page'] : []].flat();
  const due = ['oncall: page', 'oncall: page', ...others, ...BEGINNING].sort();
  results.equal(`${fault}: acknowledged ${open} min after its opening: exactly those who are due were told`, before, due);
  const [first = '', second = ''] = page.message.split('\n');
  console.log(`      | ${first}\n      | ${second}`);
  results.holds(`${fault}: its first two lines fit into an SMS`, first !== '' && `${first}\n${second}`.length <= FIRST_LINES);
  results.holds(`${fault}: they say how bad it is`, first.startsWith(`${escalated.severity} `));
  results.holds(`${fault}: and where to go`, second.endsWith(`${local.url}/incidents/${escalated.id}`));

  await api.switchOff(fault);
  await api.runAgain(escalated.id, 'the cause is gone');
  const again = await settled(api, ({ run, status: now }) => run === 2 && now === 'resolved');
  results.equal(`${fault}: "run again" resolves it`, [again.id, again.automation], [escalated.id, 'succeeded']);
  const green = await over(aws, again.runs.find(({ number }) => number === 2)?.execution ?? '');
  results.equal(`${fault}: and that execution is green`, green.status, 'SUCCEEDED');
  const after = (await api.notifications()).map(inShort).sort();
  results.equal(`${fault}: no other page has followed, and its end is told`, after, [...before, ...END].sort());
}

/** The link shows, and changes nothing; its button acknowledges. */
async function acknowledgedByLink(api: ConsoleApi, { message }: Notification, id: string, fault: string): Promise<void> {
  const link = /^Acknowledge: (\S+)$/m.exec(message)?.[1] ?? '';
  const status = async () => (await api.whole(id)).incident.status;
  const shown = await fetch(link);
  results.equal(`${fault}: the mail's link shows, and changes nothing`, [shown.status, await status()], [200, 'open']);
  const pressed = await fetch(link, { method: 'POST' });
  results.equal(`${fault}: its button acknowledges`, [pressed.status, await status()], [200, 'acknowledged']);
}

/** The n-th page of a role, once it has come. */
async function pageOf(api: ConsoleApi, role: string, nth: number): Promise<Notification | undefined> {
  return (await api.notifications()).filter((one) => inShort(one) === `${role}: page`)[nth - 1];
}

/** From its opening until somebody had it, on the clock of the place. */
function minutesOpen({ timeline }: Whole): number {
  const [from, to] = (['opened', 'acknowledged'] as const).map((one) => timeline.find(({ type }) => type === one)?.at);
  if (!from || !to) throw new Error('the timeline does not say when it was opened and acknowledged');
  return Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);
}

async function byHand(place: Place): Promise<void> {
  const { aws, api } = place;
  const wrong = await over(aws, await aws.start(DISK, { parameters: { freeAtLeast: 'much' } }), SOON_MS);
  results.equal('a wrong parameter: fails at once', [wrong.status, wrong.error], ['FAILED', 'InvalidInput']);
  results.holds(
    `a wrong parameter: the cause names it and what was expected (${wrong.cause})`,
    /parameters\.freeAtLeast.*expected number/.test(wrong.cause ?? ''),
  );
  results.equal('a wrong parameter: no incident and no page', [await api.incidents(), await api.notifications()], [[], []]);

  const arn = await aws.start(DISK, {});
  results.equal('{} runs a runbook by hand', (await over(aws, arn)).status, 'SUCCEEDED');
  const run = await incidentOf(api, arn);
  results.equal('{}: its story is an incident of its own', [run?.origin, run?.status], ['manual', 'resolved']);
  await falseAlarm(place);
  await rehearsed(place);
}

/** Where a fault is on, the monitoring speaks, too. Here nobody but the CLI does. */
async function falseAlarm({ aws, api }: Place): Promise<void> {
  await aws.setAlarm('sira-DiskSpaceLow', 'drill');
  const { id } = await settled(api, ({ alert, status }) => alert === 'DiskSpaceLow' && status === 'resolved');
  const { timeline } = await api.whole(id);
  results.holds(
    'an alarm that the CLI alone raised: opens an incident with its words',
    timeline.some((event) => event.type === 'signal' && event.status === 'firing' && event.says === 'drill'),
  );
  results.holds('an alarm without a cause: no act', !timeline.some(({ type }) => type === 'act-started'));
}

/** The monitoring would start a real run. The mode keeps that from acting; then it is given back, and only the rehearsal holds. */
async function rehearsed({ local, aws, api }: Place): Promise<void> {
  await api.setMode('observe', 'a rehearsal follows');
  await api.switchOn('disk-full-logs');
  const real = await settled(api, ({ alert, automation }) => alert === 'DiskSpaceLow' && automation === 'escalated');
  await api.setMode('auto', 'the rehearsal itself must hold back');
  const before = local.files();

  const arn = await aws.start(DISK, { dryRun: true, requestedBy: 'Ada' });
  results.equal('a rehearsal: SUCCEEDED', (await over(aws, arn)).status, 'SUCCEEDED');
  results.equal('a rehearsal: the fault is still on', await api.faultsOn(), ['disk-full-logs']);
  const after = local.files();
  const changed = [...before.filter((file) => !after.includes(file)), ...after.filter((file) => !before.includes(file))];
  results.equal(`a rehearsal: the disk is as before (${before.length} files)`, changed, []);
  const others = (await api.notifications()).filter(({ message }) => !message.includes(real.id));
  results.equal('a rehearsal: wakes nobody', others, []);
  const incident = await incidentOf(api, arn);
  const { timeline } = await api.whole(incident?.id ?? '');
  const held = timeline.flatMap((event) => (event.type === 'act-skipped' && event.wouldHave ? [event.wouldHave] : []));
  for (const would of held) console.log(`      | would: ${would.slice(0, 150)}`);
  results.holds('a rehearsal: tells what it would have deleted', held.join('\n').includes('delete-old-logs'));
  results.holds('a rehearsal: began no act', !timeline.some(({ type }) => type === 'act-started' || type === 'act-finished'));
  results.holds(
    'a rehearsal: says who asked for it',
    timeline.some((event) => event.type === 'run-started' && event.dryRun && event.by.name === 'Ada'),
  );
}

async function allWell(api: ConsoleApi): Promise<boolean> {
  const [states, incidents] = [await api.alarmStates(), await api.incidents()];
  return states.length > 0 && states.every((state) => state === 'OK') && incidents.length === 0;
}

function settled(api: ConsoleApi, holds: (incident: Incident) => boolean): Promise<Incident> {
  return until('the incident has come to its end', async () => (await api.incidents()).find(holds), RUN_MS);
}

async function incidentOf(api: ConsoleApi, arn: string): Promise<Incident | undefined> {
  return (await api.incidents()).find(({ runs }) => runs.some(({ execution }) => execution === arn));
}

function over(aws: AwsCli, arn: string, withinMs = RUN_MS): Promise<Execution> {
  const ended = async () => {
    const execution = await aws.execution(arn);
    return execution.status !== 'RUNNING' && execution;
  };
  return until('the execution is over', ended, withinMs);
}
