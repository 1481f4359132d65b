import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../functions/incident/incident.ts';
import type { TimelineEvent } from '../../functions/incident/timeline.ts';
import { log } from '../../functions/log.ts';
import { scaledClock } from '../../local/clocks.ts';
import { type Local, startLocal } from '../../local/responder.ts';
import { LOCAL_ACCOUNT, names } from '../../runbooks/language/names.ts';
import { registry } from '../../runbooks/registry.ts';
import { type Format, writeConfiguration } from './alertmanager/configuration.ts';
import { type Alertmanager, type PostedAlert, startAlertmanager } from './alertmanager/process.ts';
import { tally } from './tally.ts';
import { until } from './until.ts';

/**
 * A real Alertmanager, configured as the docs say, publishes to local mode: its alert opens an incident and its repeats are
 * counted; the runbook makes room; the alert ends, and so the incident is resolved.
 */

/** The runbook verifies for minutes; with this they are seconds. */
const SPEED = 30;
const SOON_MS = 60_000;
const RUN_MS = 180_000;
/** Whoever writes annotations must not be able to say more than they are asked: here a value of their own, and markup. */
const HOSTILE = 'said "91 %", it\'s \\ full\n - value = 3\n<script>alert(1)</script>\t{{ .Labels }} ü';

const results = tally();
for (const format of ['default text', 'JSON template'] as const) await prove(format);
process.exitCode = results.end();

async function prove(format: Format): Promise<void> {
  log.setLogLevel('ERROR');
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-alertmanager-'));
  let local: Local | undefined;
  let alertmanager: Alertmanager | undefined;
  try {
    local = await startLocal({ registry, clock: scaledClock(SPEED), dataDir: join(folder, 'data'), port: 0 });
    const topic = `arn:aws:sns:us-east-1:${LOCAL_ACCOUNT}:${local.names.signalsTopic}`;
    alertmanager = await startAlertmanager(writeConfiguration(format, folder, topic, local.url), folder);
    await story(format, local, alertmanager);
  } catch (error) {
    results.failed(format, error);
    console.log(alertmanager?.log() ?? '');
  } finally {
    await alertmanager?.stop();
    await local?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function story(format: Format, local: Local, alertmanager: Alertmanager): Promise<void> {
  const { store } = local.around;
  const said = (what: string) => `${format}: ${what}`;
  local.simulation.switchOn('disk-full-logs');
  const alert = firing();
  await alertmanager.post(alert);

  const opened = await until('an incident opens', async () => (await incidents(local))[0], SOON_MS);
  results.equal(said('the alert opens an incident that says Alertmanager spoke'), opened.signal?.source.kind, 'alertmanager');
  results.equal(said('the address that Prometheus scrapes is understood as the host'), opened.target, 'sira-prod-1');
  results.equal(said('the runbook for a full disk answers'), opened.runbook, 'sira/disk-space-low');
  // Plain text escapes nothing: a line break could have written the line with the value, so then none is believed.
  results.equal(said('hostile text forges no value'), opened.signal?.value, format === 'default text' ? undefined : 91.3);
  results.equal(said('hostile text ends no label'), opened.signal?.labels.mountpoint, '/');

  const counted = await until(
    'a repeated notification is counted',
    async () => {
      const claim = opened.dedupKey ? await store.claims.get(opened.dedupKey) : undefined;
      return claim && claim.seen >= 2 && claim;
    },
    SOON_MS,
  );
  results.equal(said('a repeat is counted for the same incident'), counted.incidentId, opened.id);

  await until('the runbook has made room', () => roomAgain(local), RUN_MS);
  await alertmanager.post({ ...alert, endsAt: new Date().toISOString() });
  await until('the run is over', async () => (await incidents(local)).some(({ runs }) => runs['1']?.ended), RUN_MS);

  const all = await incidents(local);
  const timeline = await store.incidents.timeline(opened.id);
  results.equal(
    said('there is one incident, and it ends'),
    all.map(({ status, automation }) => `${status}, ${automation}`),
    ['resolved, succeeded'],
  );
  results.holds(said('the count is kept with the incident'), (all[0]?.seen ?? 0) >= counted.seen);
  results.equal(
    said('one run'),
    local.aws.executions().flatMap((one) => (isClimb(one) ? [] : [one.status])),
    ['SUCCEEDED'],
  );
  results.holds(said('old logs were deleted, and that is told'), acted(timeline));
  results.holds(
    said("Alertmanager's end of the alert is told"),
    timeline.some((event) => event.type === 'signal' && event.status === 'cleared'),
  );
  const climbs = local.aws.executions().filter(isClimb);
  results.holds(said('what would page people was ready for it'), climbs.length > 0);
  results.equal(said('nothing was left that could not be understood, and nobody was woken'), local.aws.inbox(), []);
}

/** Whether it is no run of a runbook: it climbs the incident's ladder. */
function isClimb({ stateMachineArn }: { stateMachineArn: string }): boolean {
  return stateMachineArn.endsWith(`:${names().escalationMachine}`);
}

/** As the node exporter's alert on a full disk looks, by the address that Prometheus scrapes. */
function firing(): PostedAlert {
  return {
    labels: { alertname: 'DiskSpaceLow', system: 'sira', severity: 'warning', instance: '10.0.1.7:9100', mountpoint: '/' },
    annotations: { value: '91.3', summary: HOSTILE },
    startsAt: new Date().toISOString(),
    generatorURL: 'http://prometheus.internal:9090/graph?g0.expr=disk',
  };
}

async function incidents(local: Local): Promise<Incident[]> {
  const { store } = local.around;
  return [...(await store.incidents.past()), ...(await store.incidents.open())];
}

/** What Prometheus would measure. */
function roomAgain(local: Local): boolean {
  return local.simulation.measure().some(({ alert, firing: fires }) => alert === 'DiskSpaceLow' && !fires);
}

function acted(timeline: readonly TimelineEvent[]): boolean {
  return timeline.some((event) => event.type === 'act-finished' && event.ok);
}
