import { parseArgs } from 'node:util';
import { apply } from '../cluster/apply.ts';
import { type ControlPlane, established, startControlPlane } from '../cluster/control-plane.ts';
import { certManagerResources } from '../cluster/fixtures/cert-manager.ts';
import { node } from '../cluster/fixtures/nodes.ts';
import { BACKEND, FRONTEND, NAMESPACE, REDIS, saveit } from '../cluster/fixtures/saveit.ts';
import { everyPodRuns } from '../cluster/pods.ts';
import { authentication } from './cluster/authentication.ts';
import { certificates } from './cluster/certificates.ts';
import { illnesses } from './cluster/illnesses.ts';
import { insidePods } from './cluster/inside-pods.ts';
import { jobs } from './cluster/jobs.ts';
import { playBeside } from './cluster/lanes.ts';
import { manifest } from './cluster/manifest.ts';
import { metrics } from './cluster/metrics.ts';
import { rights } from './cluster/rights.ts';
import { rolledOut, type Stage } from './cluster/stage.ts';
import { workloads } from './cluster/workloads.ts';
import { tally } from './tally.ts';

/**
 * The responder's cluster steps on a real Kubernetes control plane: etcd, kube-apiserver with RBAC, its controllers, scheduler and
 * metrics-server; nodes and pods are kwok's. All runbooks of Save-It.AI are played on it, in namespaces of their own beside the
 * chapters here. Needs Debian's etcd-server, postgresql, Go and openssl; the first run builds for minutes.
 * `--only <text>` plays the chapters that have it in their name.
 */
const CHAPTERS = { workloads, insidePods, authentication, rights, manifest, illnesses, certificates, jobs, metrics };

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
// So that whoever is interrupted still ends what it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const results = tally();
let plane: ControlPlane | undefined;
let well = false;
try {
  plane = await startControlPlane();
  const stage = { plane, results };
  await settle(stage);
  const beside = playBeside(stage.plane, values.only);
  // It is waited for below.
  beside.catch(() => undefined);
  for (const [name, chapter] of Object.entries(CHAPTERS)) if (name.includes(values.only)) await play(name, chapter, stage);
  for (const counted of await beside) results.add(counted);
  well = true;
} catch (error) {
  results.failed('the control plane', error);
}
process.exitCode = results.end();
if (plane && (!well || process.exitCode !== 0)) console.log(`logs in ${plane.folder}`);
await plane?.stop({ keepLogs: process.exitCode !== 0 });

async function settle(stage: Stage): Promise<void> {
  const { admin } = stage.plane;
  await apply(admin, [...['node-1', 'node-2', 'node-3'].map((name) => node(name)), ...certManagerResources()]);
  await established(admin);
  await everyPodRuns(stage.plane, NAMESPACE);
  await apply(admin, saveit());
  for (const name of [BACKEND, FRONTEND, REDIS]) await rolledOut(stage, name);
}

async function play(name: string, chapter: (stage: Stage) => Promise<void>, stage: Stage): Promise<void> {
  console.log(`\n${name}`);
  await chapter(stage).catch((error: unknown) => stage.results.failed(name, error));
}
