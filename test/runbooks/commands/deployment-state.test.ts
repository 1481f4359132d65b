import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deploymentState } from '../../../runbooks/commands/deployment-state.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { runScript, temporaryFolder, variables } from './run-command.ts';

/** What Docker and its plug-in Compose print of a stack with one service. */
interface Printed {
  version: string;
  label: string;
  hash: string;
  wanted: string;
}

async function look({ version, label, hash, wanted }: Printed) {
  const bin = temporaryFolder();
  const docker = `#!/bin/bash
case "$*" in
  'compose version --short') echo '${version}' ;;
  compose*'config --hash'*) echo 'backend ${wanted}' ;;
  ps*) echo 0123456789ab ;;
  inspect*) echo '"backend"|2024-05-04T03:02:01Z|"${hash}"|"${label}"|"False"' ;;
esac
`;
  writeFileSync(join(bin, 'docker'), docker);
  chmodSync(join(bin, 'docker'), 0o755);
  const stack = { projectDir: bin, composeFile: 'docker-compose.yml', composeProject: 'sira' };
  const environment = { ...variables(stack), PATH: `${bin}:${process.env.PATH}` };
  return (await runScript(scriptOf(deploymentState), environment).ended).facts();
}

const same = { hash: 'one', wanted: 'one' };

test.each([
  ['2.26.1-4', '2.26.1'],
  ['2.24.6+ds1-0ubuntu1~22.04.1', '2.24.6'],
  ['v2.29.7', '2.29.7'],
])("Compose %s compares what it made under the name %s: the rest is its distribution's", async (version, label) => {
  expect(await look({ version, label, ...same })).toMatchObject({ comparable: true, underWay: false, configChanged: [] });
  const changed = await look({ version, label, hash: 'one', wanted: 'two' });
  expect(changed).toMatchObject({ comparable: true, underWay: true, configChanged: ['backend'] });
});

test('the work of another release is not compared', async () => {
  const other = await look({ version: '2.26.1-4', label: '1.29.2', hash: 'one', wanted: 'two' });
  expect(other).toMatchObject({ comparable: false, underWay: false, configChanged: [] });
});
