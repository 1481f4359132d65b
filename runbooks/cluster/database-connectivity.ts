import * as z from 'zod';
import { type Cluster, ClusterFault, clusterCommand, type Executed } from '../language/cluster.ts';
import { discreet, Reach, whyNoConnection } from './connection-failures.ts';
import { pods } from './kinds.ts';
import { labelSelector, objectName } from './parameters.ts';
import { inEachPod } from './typed.ts';

/** So many tell enough: each of them starts a Python of its own beside the application's. */
const MOST_PODS = 3;
const CONNECT_SECONDS = 5;
const EXEC_LIMIT = '15s';
/** The page's, with a limit: libpq would wait for a silent host for minutes. */
const CHECK = [
  'import os',
  `os.environ.setdefault('PGCONNECT_TIMEOUT', '${CONNECT_SECONDS}')`,
  'from app.core.database import engine',
  'print(engine.connect())',
].join('; ');

const Tried = z.object({ pod: z.string(), reach: Reach, words: z.string() });
type Tried = z.output<typeof Tried>;

/**
 * The program that is run is a new one with a pool of its own: it tells whether this pod can have a connection, and not whether
 * those that its application holds are still good.
 */
export const databaseConnectivity = clusterCommand('database-connectivity', {
  title: 'Try a connection to the database from the pods',
  safety: 'observe',
  parameters: z.object({ selector: labelSelector, container: objectName }),
  facts: z.object({
    /** What fails at one of them; `ok` where none fails; `unknown` where nothing could be tried. */
    reach: Reach,
    words: z.string(),
    tried: z.array(Tried),
  }),
  timeout: '30s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
  ],
  byHand: ({ given: { selector = '', container = '' }, namespace }) =>
    inEachPod(namespace, selector, container, `python -c "from app.core.database import engine; print(engine.connect())"`),
  run: async (cluster, { selector, container }) => {
    const running = (await cluster.list(pods, selector)).filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp && status.containerStatuses.some(({ name, state }) => name === container && state.running),
    );
    const names = running.map(({ metadata }) => metadata.name).sort();
    const tried = await Promise.all(names.slice(0, MOST_PODS).map((pod) => tryFrom(cluster, pod, container)));
    return { facts: { ...overall(tried), tried } };
  },
});

async function tryFrom(cluster: Cluster, pod: string, container: string): Promise<Tried> {
  try {
    return { pod, ...found(await cluster.exec(pod, container, ['python', '-c', CHECK], EXEC_LIMIT)) };
  } catch (error) {
    // One pod that goes meanwhile says nothing of the others.
    if (!(error instanceof ClusterFault) || error.kind !== 'gone') throw error;
    return { pod, reach: 'unknown', words: 'the pod went meanwhile' };
  }
}

function found({ exitCode, stdout, stderr }: Executed): Pick<Tried, 'reach' | 'words'> {
  if (exitCode === null) return { reach: 'unknown', words: 'it did not end in its time' };
  if (exitCode === 127) return { reach: 'unknown', words: 'there is no python in the container' };
  // SQLAlchemy's asynchronous engine has not connected yet when it answers.
  if (exitCode === 0 && /async/i.test(stdout))
    return { reach: 'unknown', words: 'the engine is asynchronous: nothing was tried' };
  return exitCode === 0 ? { reach: 'ok', words: discreet(stdout) } : whyNoConnection(stderr || stdout);
}

function overall(tried: readonly Tried[]): Pick<Tried, 'reach' | 'words'> {
  const one =
    tried.find(({ reach }) => reach !== 'ok' && reach !== 'unknown') ?? tried.find(({ reach }) => reach === 'ok') ?? tried[0];
  return one ? { reach: one.reach, words: one.words } : { reach: 'unknown', words: 'no pod runs' };
}
