import { EKSClient } from '@aws-sdk/client-eks';
import { clusterToken } from '../../../functions/aws/cluster/token.ts';
import { PODS } from '../../../local/simulation/cluster/kinds.ts';
import type { Call } from './cluster.ts';
import type { Incident } from './console.ts';
import { newUser, rolesOf } from './identity.ts';
import { WHERE } from './place.ts';
import { seldom } from './runs.ts';
import { BY, RESPONDING, type Stage } from './stage.ts';

const SOON_MS = 240_000;
/** A rollout, three checks half a minute apart, and another run that may hold the system's lock before it. */
const VERIFIED_MS = 420_000;
const RESTART = 'Restart the backend, pod by pod';
export const SAVEIT = { system: 'saveit', namespace: 'saveit', severity: 'SEV1' };

/** Backends that crash, of which Alertmanager speaks; nobody has promoted the runbook. */
export async function crashes({ place, results, runs, signals }: Stage): Promise<Incident> {
  const { simulation } = place.cluster;
  simulation.switchOn('saveit-crash-looping');
  await seldom('every backend has crashed once', async () => backends(place).every((pod) => restarts(pod) > 0), SOON_MS);
  await signals.alertmanager('ApplicationNotResponding', 'firing', 1, SAVEIT);
  const first = await runs.incident('the crashes are handed over', isOf('escalated'), SOON_MS);
  const calls = by(RESPONDING, place);
  results.equal('cluster, not promoted: nothing was changed in it', calls.filter(changes), []);
  const role = (await rolesOf(place.cli)).get(place.names.stepFunction(RESPONDING));
  const callers = new Set(calls.map(({ principal, groups }) => JSON.stringify([principal, groups])));
  results.equal(
    "cluster: the runbook came in as its own function's role, in its own group",
    [...callers],
    [JSON.stringify([role, [place.names.clusterGroup(RESPONDING)]])],
  );
  const topic = place.names.contactTopic('saveit', 'oncall');
  const paged = (nth: number) => async () =>
    (await place.inbox.mails()).filter(({ to, message }) => to === topic && message.includes(`take it: incident ${first.id}`))[
      nth
    ];
  // SEV1: at once, while the automation is at work on it, and again with what it found.
  const early = await seldom('the first page of Save-It', paged(0), SOON_MS);
  results.holds(
    'cluster: of a SEV1 the on-call engineer hears at once, and can stop the automation',
    /^Stop the automation: https:\S+$/m.test(early.message),
  );
  const page = await seldom('the page of Save-It with what was found', paged(1), SOON_MS);
  console.log(
    page.message
      .split('\n')
      .slice(0, 12)
      .map((line) => `      | ${line}`)
      .join('\n'),
  );
  const notices = (await place.inbox.mails()).filter(({ subject }) => /^Update: SEV1 /.test(subject)).map(({ to }) => to);
  const roles = ['stakeholders', 'team'].map((role) => place.names.contactTopic('saveit', role));
  results.equal('cluster: team and stakeholders are told of a SEV1, once each', notices.sort(), roles);
  results.holds(
    'cluster, not promoted: the page says what it would have done',
    new RegExp(`What it would have done\\n[\\s\\S]*${RESTART}`).test(page.message),
  );
  results.holds('cluster: the page says how bad it is for users', /^Impact: readiness 503 /m.test(page.message));
  return first;
}

/** Promotion, and "run again": new pods are well. */
export async function restarted({ place, results, runs, signals }: Stage, { id }: Incident): Promise<void> {
  const { cli, names, console: pages, cluster } = place;
  await cli.invoke(names.promoteFunction, { scope: RESPONDING, mode: 'auto', reason: 'It was right three times', by: BY });
  const body = { by: BY, reason: 'promoted' };
  await cli.invoke(names.consoleFunction, { method: 'POST', path: `/api/incidents/${id}/run-again`, body });
  const acted = async () => (await pages.whole(id)).timeline.find((event) => event.type === 'act-finished');
  const act = await seldom('the restart is done', acted, SOON_MS);
  results.equal('cluster, promoted: it acts', act.type === 'act-finished' && [act.title, act.ok], [RESTART, true]);
  await signals.alertmanager('ApplicationNotResponding', 'resolved', 0, SAVEIT);
  const over = await runs.incident('the crashes are over', (one) => one.id === id && one.status === 'resolved', VERIFIED_MS);
  results.equal('cluster, promoted: resolved by the automation', [over.automation, over.run], ['succeeded', 2]);
  const run = over.runs.find(({ number }) => number === 2)?.execution ?? '';
  results.equal('cluster, promoted: its execution is green', (await runs.ended(run, SOON_MS)).status, 'SUCCEEDED');
  const written = by(RESPONDING, place).filter(changes);
  results.equal(
    'cluster, promoted: one change was made in it',
    written.map(({ method, path }) => `${method} ${path}`),
    ['PATCH /apis/apps/v1/namespaces/saveit/deployments/saveit-backend'],
  );
  cluster.simulation.switchOff('saveit-crash-looping');
}

/** What each did was within its Role: nothing was tried beyond it. */
export function withinRoles({ place, results }: Stage): void {
  const calls = place.cluster.calls();
  results.equal(
    `cluster: nobody tried more than its generated Role allows, in ${calls.length} requests`,
    calls.filter(({ allowed }) => !allowed),
    [],
  );
}

/** Who has no access entry does not come in, whatever IAM allows. */
export async function stranger({ place, results }: Stage): Promise<void> {
  const key = await newUser(place.cli, 'mallory');
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const token = await clusterToken(new EKSClient({ region: WHERE.region, credentials }), place.cluster.settings.cluster.name);
  results.equal('cluster: a user without an access entry is not let in', await place.cluster.answersTo(token), 401);
}

const isOf = (automation: string) => (one: Incident) => one.alert === 'ApplicationNotResponding' && one.automation === automation;

type At = Pick<Stage['place'], 'cluster' | 'names'>;

/** What a runbook has asked of the cluster, by its group. */
export const by = (runbook: string, { cluster, names }: At): Call[] =>
  cluster.calls().filter(({ groups }) => groups.includes(names.clusterGroup(runbook)));

export const changes = ({ method }: Call): boolean => method !== 'GET';

export function backends({ cluster }: Pick<At, 'cluster'>) {
  const { simulation, settings } = cluster;
  // The controllers work when somebody looks.
  simulation.cluster.settle();
  const pods = simulation.cluster.store.list(PODS, settings.cluster.namespace);
  return pods.filter(({ metadata }) => metadata.name.startsWith(settings.backend.deployment));
}

type Pod = ReturnType<typeof backends>[number];
const restarts = ({ status }: Pod): number => status.containerStatuses[0]?.restartCount ?? 0;
