import type { Incident } from './console.ts';
import { approvedByLink } from './links.ts';
import { pasted } from './paste.ts';
import { NEXT_GRAFANA } from './place.ts';
import { seldom } from './runs.ts';
import { stateChange } from './signals.ts';
import { BY, DOWN, type Stage } from './stage.ts';

const SOON_MS = 240_000;
/** The system's lock may be held by a run that verifies, and then this one verifies too. */
const VERIFIED_MS = 300_000;
const RESTART = 'restart-services';

/** Each act of the runbook needs an approval: promoted by one person, held back by the red button of another. */
export async function asksFirst({ place, results }: Stage, presses: (payload: object) => Promise<unknown>): Promise<void> {
  const { cli, names } = place;
  await cli.invoke(names.promoteFunction, { scope: DOWN, mode: 'auto', reason: 'It was right three times', by: BY });
  const stricter = await presses({ scope: DOWN, mode: 'ask', reason: 'A release is near', by: 'Grace' });
  results.holds('the red button makes it ask first', JSON.stringify(stricter).includes('"mode":"ask"'));
  const looser = JSON.stringify(await presses({ scope: DOWN, mode: 'auto', reason: 'It is over', by: 'Grace' }));
  results.holds(
    'and does not let go of it: that names firebreak-promote',
    looser.includes('error') && looser.includes(names.promoteFunction),
  );
}

/** CloudWatch's own notification of an alarm, by SNS; a person says no. */
export async function denied({ place, results, runs, signals }: Stage): Promise<Incident> {
  place.hosts.simulation.switchOn('backend-down');
  await signals.makeAlarm('sira-HighErrorRate', true);
  const reason = 'Threshold Crossed: 1 datapoint [8.4 (22/11/26 03:10:00)] was greater than the threshold (2.0).';
  await signals.setAlarm('sira-HighErrorRate', 'ALARM', reason);
  const asks = await runs.incident('a person is asked about HighErrorRate', isAt('HighErrorRate', 'awaiting-approval'), SOON_MS);
  const question = await runs.mail('the question', isQuestionOf(asks), SOON_MS);
  console.log(
    question.message
      .split('\n')
      .slice(0, 2)
      .map((line) => `      | ${line}`)
      .join('\n'),
  );
  results.equal('asked: the first responder has the question', question.to, 'firebreak-sira-oncall');
  await pasted(question.message, 'deny', place);
  const over = await runs.incident(
    'the refusal is at a person',
    (one) => one.id === asks.id && one.automation === 'escalated',
    SOON_MS,
  );
  results.equal('denied: the incident is open', over.status, 'open');
  const run = over.runs[0]?.execution ?? '';
  results.equal('denied: the execution is red', await runs.ended(run, SOON_MS), { status: 'FAILED', error: 'Escalated' });
  const page = await runs.mail(
    'the page',
    ({ message, to }) => message.includes(asks.id) && message.includes('said no') && to.endsWith('oncall'),
    SOON_MS,
  );
  results.holds('denied: the page says who said no', page.message.includes('grace said no'));
  results.equal('denied: nothing was restarted', restarts(place.hosts.sent()), []);
  return over;
}

/** An alarm from the bus; a person is asked, and answers after the next version has been deployed. */
export async function approvedAfterUpgrade(stage: Stage, nextVersion: ReturnType<Stage['place']['nextVersion']>): Promise<void> {
  const { place, results, runs, signals, bus } = stage;
  const event = stateChange('sira-APIDown', 'ALARM', new Date());
  results.holds('bus: the deployed rule takes the event of an alarm of SIRA', await bus.ruleTakes(event));
  const own = stateChange('firebreak-dead-letters', 'ALARM', new Date());
  results.equal("bus: and none of Firebreak's own alarms", await bus.ruleTakes(own), false);
  results.holds("bus: it is on, and leads to the signals' queue alone", await bus.ruleLeadsToQueue());
  // The deployed one depends on the region, which no condition knows in the emulator.
  await signals.makeAlarm('sira-APIDown', false);
  await signals.setAlarm('sira-APIDown', 'ALARM', 'The health check fails');
  await bus.send(event);
  const asks = await runs.incident('a person is asked about APIDown', isAt('APIDown', 'awaiting-approval'), SOON_MS);
  const question = await runs.mail('the question', isQuestionOf(asks), SOON_MS);

  const next = await nextVersion;
  place.hosts.register(next.assembly.documents);
  await place.cdk.deploy(next.out, next.assembly.stacks);
  const upgradedAt = Date.now();
  const [was = '', is = ''] = [place.assembly, next.assembly].map(({ documents }) => documents.find(isRestart)?.name ?? '');
  results.holds(`upgrade: its script for the restart is another document (${was}, ${is})`, was !== '' && is !== '' && was !== is);
  const waiting = await place.console.whole(asks.id);
  results.equal(
    'upgrade: the new version reads the incident, which still waits',
    waiting.incident.automation,
    'awaiting-approval',
  );
  results.equal(
    'upgrade: and its open question',
    waiting.approvals.map(({ decision }) => decision),
    [null],
  );

  await approvedByLink(stage, question, asks.id);
  const acted = async () =>
    (await place.console.whole(asks.id)).timeline.some(({ type }) => type === 'act-finished') && restarts(place.hosts.sent());
  results.equal('upgrade: the run restarts with the script that it began with', await seldom('the restart', acted, VERIFIED_MS), [
    was,
  ]);
  await signals.setAlarm('sira-APIDown', 'OK', 'The health check is well');
  const over = await runs.incident('APIDown is resolved', (one) => one.id === asks.id && one.status === 'resolved', VERIFIED_MS);
  results.equal('approved: the incident is resolved by the automation', [over.automation, over.run], ['succeeded', 1]);
  const run = over.runs[0]?.execution ?? '';
  results.equal('approved: its execution is green', (await runs.ended(run, SOON_MS)).status, 'SUCCEEDED');
  results.equal(
    'upgrade: all of its steps since were carried out by the first version',
    await runs.versionsAtWork(DOWN, upgradedAt),
    ['1'],
  );
}

/** Run again by the new version, on a host that nothing reaches: there is nothing that it could mend. */
export async function unreachable({ place, results, runs }: Stage, { id }: Incident): Promise<void> {
  place.hosts.simulation.switchOn('host-unreachable');
  const began = Date.now();
  const payload = { method: 'POST', path: `/api/incidents/${id}/run-again`, body: { by: BY, reason: 'is it over?' } };
  await place.cli.invoke(place.names.consoleFunction, payload);
  const over = await runs.incident(
    'it is at a person again',
    (one) => one.id === id && one.run === 2 && one.automation === 'escalated',
    SOON_MS,
  );
  results.equal('what cannot be mended: the incident is open', over.status, 'open');
  const page = await runs.mail('the page', ({ message }) => message.includes(id) && message.includes(NEXT_GRAFANA), SOON_MS);
  console.log(
    page.message
      .split('\n')
      .slice(0, 2)
      .map((line) => `      | ${line}`)
      .join('\n'),
  );
  results.holds('what cannot be mended: the page names the host that does not answer', /sira-prod-1/.test(page.message));
  results.equal('upgrade: a run that begins after it has the new version', await runs.versionsAtWork(DOWN, began), ['2']);
  place.hosts.simulation.switchOff('host-unreachable');
}

const isAt = (alert: string, automation: string) => (one: Incident) => one.alert === alert && one.automation === automation;
const isRestart = ({ name }: { name: string }) => new RegExp(`^firebreak-${RESTART}-[0-9a-f]{8}$`).test(name);
const isQuestionOf =
  ({ id }: Incident) =>
  ({ message }: { message: string }) =>
    message.includes(`Question ${id}.`);

function restarts(sent: readonly { document: string }[]): string[] {
  return sent.map(({ document }) => document).filter((name) => name.includes(RESTART));
}
