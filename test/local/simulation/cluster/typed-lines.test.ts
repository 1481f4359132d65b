import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { actByHand, lookByHand, undoByHand } from '../../../../runbooks/language/by-hand.ts';
import type { Runbook } from '../../../../runbooks/language/definition.ts';
import { registry } from '../../../../runbooks/registry.ts';
import { SaveitSettings } from '../../../../runbooks/saveit/system.ts';
import { type ClusterStage, clusterStage } from './stage.ts';

const KUBECTL = spawnSync('bash', ['-c', 'type -P kubectl']).stdout.toString().trim();
const settings = SaveitSettings.parse({});

/** What is not kubectl's half: other programs, an editor, a terminal. */
const NOT_ITS = /^(psql|cmctl|curl|echo \||promtool|# not measured)|^kubectl (edit|run) /;
const VERB = /^(for pod in \$\()?kubectl (get|describe|logs|top|exec|patch|scale|delete|rollout (status|restart)) /;
/** Answers that are one's, too: a number of pods that is another than the line expects is not changed. */
const REFUSED_WELL = /error: Expected replicas to be \d+, was \d+/;

/**
 * Each part of a line that can be typed by itself. The simulated cluster has nothing of the
 * words that grep looks for, and no `create -f`.
 */
function partsOf(line: string): string[] {
  const parts = line.split(/(?<!echo \$pod); (?=kubectl|for )/);
  return parts
    .map((part) => part.replace(/ \| grep -iE '[^']+'$| \| kubectl create .*$/, ''))
    .filter((part) => !NOT_ITS.test(part));
}

function linesOf(runbook: Runbook): [title: string, line: string][] {
  const parameters = runbook.parameters.parse({});
  const looks = [...runbook.looks, ...(runbook.verify?.looks ?? [])];
  return [
    ...looks.map((look): [string, string] => [look.title, lookByHand(look, parameters, settings)]),
    ...runbook.acts.flatMap((act): [string, string][] => [
      [act.title, actByHand(act, parameters, settings)],
      ...(act.undo ? [[`${act.title}, taken back`, undoByHand(act, settings)] satisfies [string, string]] : []),
    ]),
  ];
}

/** As in a person's shell, in which kubectl is set up for the cluster. */
async function typed({ url }: ClusterStage, line: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-kubectl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kubectl = join(folder, 'kubectl');
  writeFileSync(kubectl, `#!/bin/sh\nexec ${KUBECTL} --server=${url} "$@"\n`);
  chmodSync(kubectl, 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
  const { stdout } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', line], { env });
  return stdout;
}

const backend = ({ cluster }: ClusterStage) =>
  Object.values(cluster.store.state.objects).find(
    ({ kind, metadata }) => kind === 'Pod' && metadata.name.startsWith('saveit-backend'),
  )?.metadata.name ?? '';

/** Those of the cluster. On the Docker Compose host it is another program that is typed. */
const SAVEIT = registry.runbooks.filter(
  ({ system, looks }) => system.id === 'saveit' && looks.some(({ kind }) => kind === 'cluster'),
);

describe(`what a person is given to type, ${KUBECTL === '' ? 'by its form: there is no kubectl here' : 'by kubectl itself'}`, () => {
  it('is taken: each line of each runbook, once', async () => {
    const stage = await clusterStage();
    const parts = new Set(SAVEIT.flatMap(linesOf).flatMap(([, line]) => partsOf(line)));
    for (const part of parts) {
      expect(part).toMatch(VERB);
      if (KUBECTL === '') continue;
      const refused = await typed(stage, part.replace('<pod>', backend(stage))).then(
        () => '',
        (error: unknown) => String(error).replace(/^.*\n/, ''),
      );
      expect(refused.replace(REFUSED_WELL, '').trim(), part).toBe('');
      // What it has changed comes to rest before the next.
      stage.seconds(180);
    }
  }, 120_000);

  it('names what each step is about', () => {
    const line = (id: string, title: string) =>
      Object.fromEntries(linesOf(SAVEIT.find((one) => one.id === id) ?? expect.fail(id)))[title];
    const redis = { ...settings.redis, label: settings.redis.selector };
    expect(line('saveit/redis-unreachable', 'Restart Redis')).toContain(`restart deployment/${redis.deployment} -n saveit`);
    expect(line('saveit/redis-unreachable', 'See the pods of Redis')).toContain(`-l ${redis.label} -o wide`);
    expect(line('saveit/redis-unreachable', 'See what Redis keeps')).toContain('-c redis -- redis-cli -p 6379 CONFIG GET save');
    expect(line('saveit/health-check', 'See the pods of the frontend')).toContain(`-l ${settings.frontend.selector} `);
    expect(line('saveit/recent-errors', 'Read the errors of the backend')).toBe(
      `kubectl logs -n saveit -l ${settings.backend.selector} -c backend --tail=2000 --prefix --since=5m | grep -iE 'error|exception|critical|fatal|traceback'`,
    );
    expect(line('saveit/high-memory', 'Have the autoscaler make more pods for a while')).toContain(
      '[{"op":"replace","path":"/spec/minReplicas","value":5}',
    );
    expect(line('saveit/high-cpu', 'Raise the maximum of the autoscaler for a while')).toContain(
      `-p='[{"op":"replace","path":"/spec/maxReplicas","value":15}]'`,
    );
    expect(line('saveit/database-check', 'Count the connections, and find the longest query')).toContain(
      "max(now() - query_start) AS longest_query FROM pg_stat_activity WHERE datname = 'saveit';",
    );
  });
});
