import { JOBS } from '../../../local/simulation/cluster/kinds.ts';
import { by, changes } from './backend.ts';
import type { Incident } from './console.ts';
import { pasted } from './paste.ts';
import { seldom } from './runs.ts';
import { BROKER, BY, DEBUG, ERRORS, type Stage } from './stage.ts';

const SOON_MS = 240_000;
/** The debug pod's own time, and the other runs' meanwhile. */
const GONE_MS = 240_000;
const MINUTES = 2;

/** By hand: one that only reads, and one that is rehearsed and looks from inside the pods. */
export async function looked({ place, results, runs }: Stage): Promise<void> {
  const read = await runs.start(ERRORS, {});
  const rehearsed = await runs.start(BROKER, { dryRun: true });
  results.equal('by hand: recent errors were read', (await runs.ended(read, SOON_MS)).status, 'SUCCEEDED');
  results.equal('by hand: the broker was rehearsed', (await runs.ended(rehearsed, SOON_MS)).status, 'SUCCEEDED');
  const exec = by(BROKER, place).filter(({ path }) => path.includes('/exec?'));
  results.holds(`by hand: it looked from inside of each pod (${exec.length} programs over WebSockets)`, exec.length >= 3);
  results.equal('by hand: both changed nothing', [...by(ERRORS, place), ...by(BROKER, place)].filter(changes), []);
}

/** By hand, and only after somebody's yes. @returns when the pod is gone again */
export async function debugged({ place, results, runs }: Stage): Promise<() => Promise<void>> {
  const { cli, names, cluster, console: pages } = place;
  await cli.invoke(names.promoteFunction, { scope: DEBUG, mode: 'ask', reason: 'It starts pods', by: BY });
  const arn = await runs.start(DEBUG, { parameters: { minutes: MINUTES }, reason: 'The network is slow', requestedBy: BY });
  const isIts = (one: Incident) => one.runs.some(({ execution }) => execution === arn);
  const asks = await runs.incident(
    'a person is asked about the debug pod',
    (one) => isIts(one) && one.automation === 'awaiting-approval',
    SOON_MS,
  );
  results.equal('debug pod: none before somebody says yes', by(DEBUG, place).filter(changes), []);
  const question = await runs.mail('its question', ({ message }) => message.includes(`Question ${asks.id}.`), SOON_MS);
  await pasted(question.message, 'approve', place);
  results.equal('debug pod: approved, its execution is green', (await runs.ended(arn, SOON_MS)).status, 'SUCCEEDED');
  const { timeline } = await pages.whole(asks.id);
  const says = timeline.flatMap((event) => (event.type === 'act-finished' ? [event.says] : []));
  const enters = says.map((text) => /kubectl exec -it \S+ -n saveit -- bash/.test(text) || text);
  results.equal('debug pod: it says how to get in', enters, [true]);
  const jobs = () => {
    cluster.simulation.cluster.settle();
    return cluster.simulation.cluster.store.list(JOBS, cluster.settings.cluster.namespace).length;
  };
  return async () => {
    await seldom('the debug pod is gone', async () => jobs() === 0, GONE_MS);
    results.equal('debug pod: it went when its time was up', jobs(), 0);
  };
}
