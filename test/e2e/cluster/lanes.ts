import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AccessKey } from '../../cluster/authenticator.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import type { Told } from './runbooks/lane.ts';
import { identitiesOf } from './runbooks/settle.ts';

/** Namespaces in which whole runbooks are played, each by a process of its own, beside each other. */
const LANES = ['saveit-pods', 'saveit-data', 'saveit-load'];

/** The statements of the cluster's Jobs on a real PostgreSQL, as a program of its own. */
const SQL = join(import.meta.dirname, 'sql.ts');
const INSIDE = join(import.meta.dirname, 'runbooks/inside.ts');

/** What a program has proven. */
export interface Played {
  passed: number;
  failed: number;
}

/** All that is played beside the chapters of the first namespace. @param only what has this in its name */
export function playBeside(plane: ControlPlane, only: string): Promise<Played[]> {
  const lanes = LANES.map((name) => playLane(plane, name, only));
  return Promise.all([...lanes, ...('sql'.includes(only) ? [played(SQL)] : [])]);
}

/** Gives each runbook a role of its own, as the stack and EKS' access entries do, and plays the chapters of a namespace as these. */
async function playLane(plane: ControlPlane, name: string, only: string): Promise<Played> {
  const { cluster, url, caData, adminToken, folder, tools } = plane;
  const place = { cluster, url, caData, adminToken, folder, tools };
  const keys: Record<string, AccessKey> = {};
  for (const { runbook, group } of identitiesOf({ name, plane: place })) {
    const role = `${name}-${runbook.replace('/', '-')}`;
    const key = {
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
    };
    plane.grant(key, { username: `arn:aws:sts::123456789012:assumed-role/${role}/firebreak`, groups: [group] });
    keys[runbook] = key;
  }
  const told: Told = { name, plane: place, keys, only };
  // The authority that signs the certificate of the front door is one of those that this process trusts.
  return await played(INSIDE, { LANE: JSON.stringify(told), NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') });
}

/**
 * Runs a program of ours to its end, and shows what it says, whole chapters at a time: others speak beside it.
 * @param env beside this process' own
 */
async function played(program: string, env: Record<string, string> = {}): Promise<Played> {
  const child = spawn(process.execPath, [program], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  // Whoever is interrupted ends what it has started.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  let lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!/^chapter .*: \d+ s$/.test(line)) continue;
    console.log(`\n${lines.join('\n')}`);
    lines = [];
  }
  process.off('exit', end);
  const last = lines.pop() ?? '';
  if (lines.length > 0) console.log(`\n${lines.join('\n')}`);
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(last) ?? [];
  if (passed !== undefined) return { passed: Number(passed), failed: Number(failed) };
  console.log(`${last}\nFAIL  ${program} did not come to its end`);
  return { passed: 0, failed: 1 };
}
