import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOlder, OLDEST_AGENT, TOOLS } from '../../../functions/doctor/tools.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { commandsOf } from '../../../runbooks/language/commands-of.ts';
import { registry } from '../../../runbooks/registry.ts';
import { openStage } from '../../local/simulation/stage.ts';

/** Bash's own, what is asked for in another way, and what runs inside of a container. */
const OTHERS = ['printf', 'echo', 'true', 'false', 'test', 'bash', 'docker', 'docker-compose', 'psql'];

/** Words where bash expects a command. Some are words of awk: only names of tools count among them. */
function called(script: string): Set<string> {
  const code = script.replace(/^\s*#.*$/gm, '');
  const places =
    /(?<=^\s*|[|;&({]\s*|\$\(|\b(?:if|then|do|else|elif|while|!)\s+|timeout \d+ |nice -n \d+ |xargs (?:-\S+ |'\\n' )*)[a-z][a-z0-9-]*(?=[\s)"]|$)/gm;
  return new Set([...code.matchAll(places)].map(([word]) => word));
}

test('every tool that a script calls is looked for on the hosts', async () => {
  const stage = await openStage();
  // The simulated hosts have every tool on which the scripts run, and nothing else.
  const known = new Set(readdirSync(join(stage.folder, 'hosts', 'sira-prod-1', 'bin')));
  await stage.close();
  const scripts = [...commandsOf(registry).values()].map(scriptOf);
  const used = new Set(scripts.flatMap((script) => [...called(script)]).filter((word) => known.has(word)));
  const listed = new Set([...TOOLS.map(({ name }) => name), ...OTHERS]);
  expect([...used].filter((tool) => !listed.has(tool))).toEqual([]);
  expect(TOOLS.filter(({ name }) => !used.has(name)).map(({ name }) => name)).toEqual([]);
});

test('versions are compared number by number', () => {
  for (const old of ['3.3.2745.9', '3.2.9999.0', '2.3.2746.0', '3.3.999.0', '', 'unknown'])
    expect(isOlder(old, OLDEST_AGENT)).toBe(true);
  for (const fine of [OLDEST_AGENT, '3.3.2746.1', '3.3.10000.0', '3.10.0.0', '4.0.0.0'])
    expect(isOlder(fine, OLDEST_AGENT)).toBe(false);
});
