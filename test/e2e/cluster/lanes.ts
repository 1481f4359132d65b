import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AccessKey } from '../../cluster/authenticator.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import type { Told } from './runbooks/lane.ts';
import { identitiesOf } from './runbooks/settle.ts';

/** Namespaces in which whole runbooks are played, each by a process of its own, beside each other. */
export const LANES = ['saveit-pods'];

const INSIDE = join(import.meta.dirname, 'runbooks/inside.ts');

/** What a program said, and what it has proven. */
export interface Played {
  lines: string[];
  passed: number;
  failed: number;
}

/** Gives each runbook a role of its own, as the stack and EKS' access entries do, and plays the chapters of a namespace as these. */
export async function playLane(plane: ControlPlane, name: string, only: string): Promise<Played> {
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

/** Runs a program of ours to its end. @param env beside this process' own */
export async function played(program: string, env: Record<string, string> = {}): Promise<Played> {
  const child = spawn(process.execPath, [program], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  // Whoever is interrupted ends what it has started.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
  }
  process.off('exit', end);
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '') ?? [];
  if (passed === undefined) return { lines: [...lines, `${program} did not come to its end`], passed: 0, failed: 1 };
  return { lines: lines.slice(0, -1), passed: Number(passed), failed: Number(failed) };
}
