import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tally } from '../e2e/tally.ts';
import { askRealPrometheus } from './real-prometheus.ts';

// A program of its own, because it needs Prometheus and its promtool: the rules of docs/alerts are sound, and fire where their tests
// say; and the impact of an incident is measured on the real thing.

const FOLDER = join(import.meta.dirname, '../../docs/alerts');
const results = tally();
const { equal, failed } = results;
const systems = readdirSync(FOLDER)
  .flatMap((file) => /^(\w+)\.rules\.yml$/.exec(file)?.[1] ?? [])
  .sort();
const tried = systems.flatMap((system): [what: string, words: string[], said: RegExp][] => [
  [`promtool check rules ${system}`, ['check', 'rules', `${system}.rules.yml`], /SUCCESS: \d+ rules found/],
  [`promtool test rules ${system}`, ['test', 'rules', `${system}.rules.test.yml`], /SUCCESS/],
]);
for (const [what, words, expected] of tried) {
  const { status, stdout, stderr, error } = spawnSync('promtool', words, { cwd: FOLDER, encoding: 'utf8' });
  if (error) {
    failed(what, error);
    continue;
  }
  const said = `${stdout}${stderr}`.trim();
  console.log(said);
  equal(what, [status, expected.test(said)], [0, true]);
}
await askRealPrometheus(
  results,
  systems.map((system) => join(FOLDER, `${system}.rules.yml`)),
);
process.exitCode = results.end();
