import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtKubectl, VERSION } from '../cluster/kubectl/kubectl.ts';
import { DEBUG_POD, LINES } from '../local/simulation/cluster/page-lines.ts';
import { type LocalMode, startLocalMode } from './cli/local-mode.ts';
import { tally } from './tally.ts';

/**
 * kubectl's half of Save-It's page, typed as `docs/cluster.md` tells people to: `npm start`, and the real kubectl. It is built from
 * the published sources, once. Needs Go.
 */

/** Of the machine's time: a rollout is under way for some seconds. */
const LINE_MS = 120_000;
const CHECKS: readonly { line: string; says: RegExp }[] = [
  { line: 'exec POD -- nc -zv localhost 1883', says: /succeeded/ },
  { line: 'exec POD -- redis-cli -h redis -p 6379 ping', says: /PONG/ },
];

const results = tally();
const home = mkdtempSync(join(tmpdir(), 'firebreak-kubectl-'));
let local: LocalMode | undefined;
try {
  const kubectl = await builtKubectl();
  local = await startLocalMode();
  const type = typedAt(kubectl, local.url);
  const said = await type(['version', '--client']);
  results.holds(`it is kubectl ${VERSION}`, said.includes(`Client Version: ${VERSION}`));
  for (const { line, says } of [...CHECKS, ...LINES, ...DEBUG_POD]) {
    const words = line.split(' ');
    const pod = words.includes('POD') ? await aBackend(type) : '';
    const answer = await type(words.map((word) => (word === 'POD' ? pod : word)));
    results.holds(says.test(answer) ? `kubectl ${line}` : `kubectl ${line}: ${answer.slice(0, 400)}`, says.test(answer));
  }
} catch (error) {
  results.failed('kubectl', error);
  console.log(local?.log() ?? '');
} finally {
  await local?.stop();
  rmSync(home, { recursive: true, force: true });
}
process.exitCode = results.end();

type Typing = (words: readonly string[]) => Promise<string>;

/** What a line answers on either stream, however it ends. Nobody's own kubeconfig or cache is read. */
function typedAt(kubectl: string, url: string): Typing {
  return async (words) => {
    const where = [`--server=${url}/kubernetes/saveit`, '--namespace=saveit'];
    const options = { env: { PATH: process.env.PATH, HOME: home }, timeout: LINE_MS };
    try {
      const { stdout, stderr } = await promisify(execFile)(kubectl, [...where, ...words], options);
      return stdout + stderr;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}

async function aBackend(type: Typing): Promise<string> {
  const running = ['--field-selector=status.phase=Running', '-l', 'app.kubernetes.io/name=saveit-backend'];
  return await type(['get', 'pods', ...running, '-o', 'jsonpath={.items[0].metadata.name}']);
}
