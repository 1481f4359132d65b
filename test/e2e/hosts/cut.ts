import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerFleet } from '../../../local/hosts/docker-fleet.ts';
import type { ScriptResult } from '../../../local/simulation/fleet.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { type HostCall, parameterText } from '../../../runbooks/language/command.ts';
import { until } from '../until.ts';
import type { Place } from './place.ts';
import { call, PATH } from './shell.ts';

/** The tools at whose calls a script is cut off: all that change something, or keep the marker. */
const TOOLS = ['docker', 'docker-compose', 'find', 'rm', 'touch', 'mv', 'sync', 'mkdir', 'date', 'flock'];
const REACHED_MS = 60_000;

/** Where a script is cut off: as it comes to the n-th call of a tool, or a moment into a tool's work. */
export type Cut = { at: number } | { during: string };

/** Runs scripts as `--hosts docker` does, and cuts them off. */
export interface Runner {
  /** @returns how it ended, and how many calls of the tools it made */
  run(call: HostCall<unknown>, key: string): Promise<ScriptResult & { calls: number }>;
  /** Kills it with everything that it started, at the cut. @returns whether it came to that */
  cutOff(call: HostCall<unknown>, key: string, cut: Cut): Promise<boolean>;
}

export async function runner({ work, engine }: Place, home: string): Promise<Runner> {
  const dataDir = mkdtempSync(join(work, 'cut-'));
  const shims = join(dataDir, 'bin');
  mkdirSync(shims);
  for (const tool of TOOLS) await writeShim(shims, dataDir, tool);
  const host = { name: 'here', instanceId: 'mi-0123456789abcdef0', aliases: [] };
  const environment = { PATH: `${shims}:${PATH}`, HOME: home, DOCKER_HOST: engine.host };
  const fleet = dockerFleet({ dataDir, host, hostTag: 'firebreak:system=sira', environment });
  const [calls, cutFile, reached] = ['calls', 'cut', 'reached'].map((name) => join(dataDir, name)) as [string, string, string];
  const start = (given: HostCall<unknown>, key: string, cut: string, signal: AbortSignal) => {
    writeFileSync(calls, '');
    writeFileSync(cutFile, cut);
    rmSync(reached, { force: true });
    const parameters = Object.entries(given.parameters).map(([name, value]) => [`SSM_${name}`, parameterText(value)]);
    const notAfter = String(Math.ceil(Date.now() / 1_000) + 45);
    const variables = { ...Object.fromEntries(parameters), SSM_key: key, SSM_notAfter: notAfter };
    return fleet.run(host.instanceId, scriptOf(given.command), variables, signal);
  };
  return {
    run: async (given, key) => {
      const result = await start(given, key, 'nowhere', new AbortController().signal);
      return { ...result, calls: readFileSync(calls, 'utf8').split('\n').length - 1 };
    },
    cutOff: async (given, key, cut) => {
      const stop = new AbortController();
      const words = 'at' in cut ? `at ${cut.at}` : `during ${cut.during}`;
      let over = false;
      const running = start(given, key, words, stop.signal).finally(() => {
        over = true;
      });
      await until('the cut is reached', () => over || existsSync(reached), REACHED_MS);
      stop.abort();
      return (await running).exitCode === 137;
    },
  };
}

/** In a tool's place: counts the call, and waits to be killed where the script is to be cut off. */
async function writeShim(folder: string, dataDir: string, tool: string): Promise<void> {
  const real = await call('bash', ['-c', `command -v ${tool}`]);
  const text = `#!/bin/bash
echo '${tool}' >>'${dataDir}/calls'
mapfile -t calls <'${dataDir}/calls'
read -r how where <'${dataDir}/cut'
# Of two that come at once each may have counted the other.
if [[ $how == at ]] && ((\${#calls[@]} >= where)); then
  : >'${dataDir}/reached'
  exec /bin/sleep 100
fi
if [[ $how == during && "${tool} $*" == *"$where"* ]]; then
  '${real}' "$@" &
  /bin/sleep 0.4
  : >'${dataDir}/reached'
  /bin/sleep 100
fi
exec '${real}' "$@"
`;
  writeFileSync(join(folder, tool), text);
  chmodSync(join(folder, tool), 0o755);
}
