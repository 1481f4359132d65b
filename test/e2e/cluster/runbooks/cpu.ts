import { AutoscalingV2Api } from '@kubernetes/client-node';
import { apply } from '../../../cluster/apply.ts';
import { autoscaler, BACKEND, BACKEND_HPA } from '../../../cluster/fixtures/saveit.ts';
import { podUses } from '../../../cluster/pods.ts';
import { until } from '../../until.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import { nameOf, podsOf } from './seen.ts';
import { whole } from './settle.ts';
import type { Story } from './story.ts';
import { allUse, type Measured, watching } from './usage.ts';

const RUNBOOK = 'saveit/high-cpu';
const RAISE = 'Raise the maximum of the autoscaler for a while';
const alert = { name: 'HighCpuUsage', value: 98 };
/** Of a limit of 300m; 250m are requested. */
const [BUSY, CALM, NEAR] = ['295m', '150m', 270];
const [MIN, MAX, HIGHER] = [3, 3, 6];
const SOON_MS = 240_000;
const TWO_HOURS_MS = 2 * 3_600_000;

/** The real autoscaler, at its maximum, by what the real metrics-server measures. */
export async function cpu(lane: Lane): Promise<void> {
  await atItsMaximum(lane, {});
  await ofKeda(lane);
  await pinned(lane);
  await lane.admin.makeApiClient(AutoscalingV2Api).deleteNamespacedHorizontalPodAutoscaler(which(lane));
}

/** @param labels of the autoscaler */
async function atItsMaximum(lane: Lane, labels: Record<string, string>): Promise<void> {
  const { metadata, ...rest } = autoscaler({ min: MIN, max: MAX, cpuPercent: 70 }, lane.name);
  await apply(lane.admin, [{ ...rest, metadata: { ...metadata, labels } }]);
  await allUse(lane, BUSY, '210Mi');
  await until('the autoscaler would have more', async () => (await limited(lane)) === 'TooManyReplicas', SOON_MS);
}

/** What KEDA would take back is not changed. */
async function ofKeda(lane: Lane): Promise<void> {
  const name = "an autoscaler of KEDA's";
  await atItsMaximum(lane, { 'scaledobject.keda.sh/name': 'saveit-backend' });
  await play(lane, name, { runbook: RUNBOOK, alert, felt: false, ill: () => true }, async (trial) => {
    await escalates(lane, name, trial, /belongs to KEDA \(saveit-backend\)/);
    lane.results.equal(`${name}: its bounds are left`, await bounds(lane), [MIN, MAX]);
  });
  await atItsMaximum(lane, {});
}

async function pinned(lane: Lane): Promise<void> {
  const name = 'an autoscaler at its maximum';
  const { look, lags, known } = watching(lane);
  let shared = false;
  const story: Story = {
    runbook: RUNBOOK,
    alert,
    felt: false,
    ill: (seen) => busy(podsOf(seen, BACKEND).map(nameOf), known()),
    react: async (seen) => {
      await look();
      const pods = podsOf(seen, BACKEND);
      if (shared || pods.length <= MAX) return;
      // More pods share what all are asked for.
      for (const pod of pods) await podUses(lane.admin, { namespace: lane.name, name: nameOf(pod) }, CALM, '210Mi');
      shared = true;
    },
    waits: lags,
  };
  await play(lane, name, story, async (trial) => {
    await resolves(lane, name, trial, [RAISE]);
    lane.results.equal(`${name}: it may make more`, await bounds(lane), [MIN, HIGHER]);
    const { spec } = await lane.apps.readNamespacedDeployment({ name: BACKEND, namespace: lane.name });
    lane.results.holds(`${name}: and the real one has made more`, (spec?.replicas ?? 0) > MAX);
    await trial.later(TWO_HOURS_MS, 'the bounds are what they were', async () => (await bounds(lane))[1] === MAX);
    lane.results.equal(`${name}: two hours later it has its former bounds`, await bounds(lane), [MIN, MAX]);
  });
  await whole(lane);
}

const busy = (pods: readonly string[], known: Measured): boolean =>
  known.size === 0 || pods.some((pod) => (known.get(pod)?.cpu ?? 0) >= NEAR);

const which = ({ name: namespace }: Lane) => ({ name: BACKEND_HPA, namespace });
const read = (lane: Lane) => lane.admin.makeApiClient(AutoscalingV2Api).readNamespacedHorizontalPodAutoscaler(which(lane));

async function bounds(lane: Lane): Promise<(number | undefined)[]> {
  const { spec } = await read(lane);
  return [spec?.minReplicas, spec?.maxReplicas];
}

async function limited(lane: Lane): Promise<string | undefined> {
  const { status } = await read(lane);
  return status?.conditions?.find(({ type, status: is }) => type === 'ScalingLimited' && is === 'True')?.reason;
}
