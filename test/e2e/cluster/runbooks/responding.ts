import { RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { names } from '../../../../runbooks/language/names.ts';
import { BACKEND } from '../../../cluster/fixtures/saveit.ts';
import { crashLooping, type Illness, imagePullBackOff, makeIll, well } from '../../../cluster/illness.ts';
import { acts } from '../../hosts/trial.ts';
import { until } from '../../until.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import { anyLeft } from './seen.ts';
import { applyManifest, backends, logs, whole } from './settle.ts';

const RUNBOOK = 'saveit/application-not-responding';
const RESTART = 'Restart the backend, pod by pod';
const alert = { name: 'ApplicationNotResponding', value: 1 };
const SOON_MS = 120_000;

/** Ill pods of the backend: what a restart brings back, what it must not touch, and what the cluster does not allow. */
export async function responding(lane: Lane): Promise<void> {
  await crashing(lane);
  await noImage(lane);
  await notAllowed(lane);
}

async function crashing(lane: Lane): Promise<void> {
  const name = 'crash-looping pods';
  const before = await allIll(lane, crashLooping());
  for (const pod of before) await logs(lane, pod, ['Traceback (most recent call last):', 'RuntimeError: event loop is closed']);
  await play(lane, name, { runbook: RUNBOOK, alert, ill: (seen) => anyLeft(seen, before) }, async (trial) => {
    await resolves(lane, name, trial, [RESTART]);
    const { template, by } = await annotations(lane);
    lane.results.holds(`${name}: restarted by the annotation of kubectl`, template !== undefined);
    lane.results.holds(`${name}: which says which step it was`, by.startsWith(`${(await trial.api.incidents())[0]?.id}-1-`));
    const after = await backends(lane);
    lane.results.equal(`${name}: every pod is new`, [after.length, after.filter((pod) => before.includes(pod))], [3, []]);
  });
  await whole(lane);
}

/** The same pods stay, and nobody has touched the deployment. */
async function noImage(lane: Lane): Promise<void> {
  const name = 'an image that cannot be had';
  const before = await allIll(lane, imagePullBackOff('registry.test/saveit/backend:nope'));
  const generation = (await annotations(lane)).generation;
  await play(lane, name, { runbook: RUNBOOK, alert, ill: () => true }, async (trial) => {
    await escalates(lane, name, trial, /cannot have its image \(ImagePullBackOff/);
    lane.results.equal(`${name}: the pods are left`, (await backends(lane)).sort(), before.sort());
    lane.results.equal(`${name}: and so is the deployment`, (await annotations(lane)).generation, generation);
  });
  for (const pod of before) await makeIll(lane.admin, { namespace: lane.name, name: pod }, well());
  await whole(lane);
}

/** A Role that is too narrow: the API server refuses the restart, and a person hears it. With the generated one it goes on. */
async function notAllowed(lane: Lane): Promise<void> {
  const name = 'a Role without the restart';
  const before = await allIll(lane, crashLooping());
  await narrow(lane);
  await play(lane, name, { runbook: RUNBOOK, alert, ill: (seen) => anyLeft(seen, before) }, async (trial) => {
    await escalates(lane, name, trial, /forbidden/i);
    lane.results.equal(`${name}: nothing was restarted`, (await backends(lane)).sort(), before.sort());
    await applyManifest(lane);
    const [incident] = await trial.api.incidents();
    await trial.api.runAgain(incident?.id ?? '', 'its rights are as they were generated');
    const ended = await trial.ends(
      ({ run, status, automation }) => run === 2 && (status === 'resolved' || automation === 'escalated'),
    );
    lane.results.equal(
      `${name}: given what was generated, it resolves`,
      [ended.incident.status, trial.why(ended)],
      ['resolved', ''],
    );
    lane.results.equal(`${name}: by the restart`, acts(ended), [RESTART]);
  });
  await whole(lane);
}

async function narrow(lane: Lane): Promise<void> {
  const api = lane.admin.makeApiClient(RbacAuthorizationV1Api);
  const which = { name: names(`firebreak-${lane.name}`).clusterRole(RUNBOOK), namespace: lane.name };
  const role = await api.readNamespacedRole(which);
  const rules = (role.rules ?? []).map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verb !== 'patch') }));
  await api.replaceNamespacedRole({ ...which, body: { ...role, rules: rules.filter(({ verbs }) => verbs.length > 0) } });
}

/** @returns the names of the pods */
export async function allIll(lane: Lane, illness: Illness): Promise<string[]> {
  const pods = await backends(lane);
  for (const name of pods) await makeIll(lane.admin, { namespace: lane.name, name }, illness);
  if (illness.trouble('', '').ready) return pods;
  await until(
    'the deployment misses its pods',
    async () => ((await lane.apps.readNamespacedDeployment(deployment(lane))).status?.availableReplicas ?? 0) === 0,
    SOON_MS,
  );
  return pods;
}

const deployment = ({ name: namespace }: Lane) => ({ name: BACKEND, namespace });

/** What a restart leaves behind. */
async function annotations(lane: Lane) {
  const { metadata, spec } = await lane.apps.readNamespacedDeployment(deployment(lane));
  return {
    generation: metadata?.generation ?? 0,
    by: metadata?.annotations?.['firebreak.dev/restarted-by'] ?? '',
    template: spec?.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'],
  };
}
