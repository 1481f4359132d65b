import * as z from 'zod';
import type { Whole } from '../../cli/console.ts';
import { acts } from '../../hosts/trial.ts';
import { until } from '../../until.ts';
import type { Lane } from './lane.ts';
import { play } from './play.ts';
import { see } from './seen.ts';
import { backends, logs } from './settle.ts';
import type { Trial } from './trial.ts';

/** The shortest that a debug pod may stay, and what its going takes. */
const GONE_MS = 240_000;

/** Runs by hand that only look: they end well, and page nobody. */
export async function looksByHand(lane: Lane): Promise<void> {
  const [pod = ''] = await backends(lane);
  await logs(lane, pod, ['ERROR sync failed for device 17', 'ERROR sync failed for device 18']);
  await play(lane, 'a quick health check', { runbook: 'saveit/health-check' }, async (trial) => {
    const found = await looked(lane, 'a quick health check', trial, 'saveit/health-check');
    const counts = ['backend', 'frontend', 'redis'].map(
      (step) => z.object({ count: z.number() }).parse(facts(found, step)).count,
    );
    lane.results.equal('a quick health check: the pods of each service', counts, [3, 2, 1]);
    lane.results.equal(
      'a quick health check: and readiness',
      z.object({ well: z.boolean() }).parse(facts(found, 'ready')).well,
      true,
    );
  });
  await play(lane, 'recent errors', { runbook: 'saveit/recent-errors' }, async (trial) => {
    const found = await looked(lane, 'recent errors', trial, 'saveit/recent-errors');
    const Errors = z.object({ pods: z.number(), errors: z.number(), top: z.array(z.object({ times: z.number() })) });
    const { pods, errors, top } = Errors.parse(facts(found, 'errors'));
    lane.results.equal('recent errors: of all pods, counted by what they say', [pods, errors, top[0]?.times], [3, 2, 2]);
  });
}

/** @returns the incident, when the run is over */
export async function looked(lane: Lane, name: string, trial: Trial, runbook: string, parameters = {}): Promise<Whole> {
  await trial.api.startByHand(runbook, parameters);
  const found = await trial.ends(({ automation }) => automation === 'succeeded' || automation === 'escalated');
  lane.results.equal(`${name}: it ends well`, [found.incident.automation, trial.why(found)], ['succeeded', '']);
  lane.results.equal(`${name}: nobody was woken`, (await trial.api.notifications()).length, 0);
  return found;
}

export const facts = ({ steps }: Whole, step: string): unknown => steps.findLast((one) => one.step === step)?.facts;

/** A debug pod for a minute: nobody takes it away but the cluster itself, whatever becomes of the responder meanwhile. */
export async function debugPod(lane: Lane): Promise<() => Promise<void>> {
  const name = 'a debug pod';
  await play(lane, name, { runbook: 'saveit/debug-pod' }, async (trial) => {
    await trial.api.startByHand('saveit/debug-pod', { minutes: 1 });
    const ended = await trial.ends(({ status, automation }) => status === 'resolved' || automation === 'escalated');
    lane.results.equal(`${name}: it runs`, [ended.incident.status, trial.why(ended)], ['resolved', '']);
    lane.results.equal(`${name}: by the step that starts it`, acts(ended), ['Start a debug pod']);
    lane.results.equal(`${name}: as a Job with an end`, await debugging(lane), { jobs: 1, pods: 1 });
  });
  // The responder that has started it is gone by now.
  return async () => {
    const gone = async () => {
      const { jobs, pods } = await debugging(lane);
      return jobs + pods === 0;
    };
    lane.results.holds(`${name}: gone when its time is up`, await until('the debug pod goes', gone, GONE_MS));
  };
}

async function debugging(lane: Lane): Promise<{ jobs: number; pods: number }> {
  const { jobs, pods } = await see(lane);
  const isOne = ({ metadata }: (typeof jobs | typeof pods)[number]) => metadata?.labels?.['firebreak.dev/purpose'] === 'debug';
  return { jobs: jobs.filter(isOne).length, pods: pods.filter(isOne).length };
}
