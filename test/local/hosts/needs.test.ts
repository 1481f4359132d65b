import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assertDockerHost } from '../../../local/hosts/needs.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'firebreak-needs-'));

/** A PATH with a `docker` that answers so, beside what every script needs. */
function path(answers: string): string {
  const bin = folder();
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\ncase "$*" in\n${answers}\nesac\n`);
  chmodSync(join(bin, 'docker'), 0o755);
  return `${bin}:${process.env.PATH}`;
}

const ENGINE = "version*) echo 28.2.2 ;;\n'compose version --short') echo 2.26.1 ;;";

async function fault(answers: string, { withFolder = true, withFile = true } = {}, withinMs?: number): Promise<string> {
  const projectDir = withFolder ? folder() : '/no/such/folder';
  const settings = SiraSettings.parse({ projectDir });
  if (withFile && withFolder) writeFileSync(join(projectDir, settings.composeFile), '');
  return await assertDockerHost(settings, { PATH: path(answers) }, withinMs).then(
    () => '',
    (error: Error) => error.message,
  );
}

it.each([
  [
    'an engine that is down',
    "version*) echo 'Cannot connect to the Docker daemon' >&2; exit 1 ;;",
    {},
    /engine does not answer: Cannot connect.*\nTo mend it: start it/,
  ],
  ['no folder', ENGINE, { withFolder: false }, /no folder \/no\/such\/folder\nTo mend it: set systems\.sira\.projectDir/],
  [
    'no compose file',
    ENGINE,
    { withFile: false },
    /no compose file \/.*docker-compose\.prod\.yml\nTo mend it: set systems\.sira\.composeFile/,
  ],
  [
    'a compose file with a mistake',
    `${ENGINE}\ncompose*config*) echo 'services: must be a mapping' >&2; exit 15 ;;`,
    {},
    /cannot read .*: services: must be a mapping/,
  ],
])('%s is told before anything is served, with how to mend it', async (_, answers, places, expected) => {
  expect(await fault(answers, places)).toMatch(expected);
});

it('finds nothing to say of a host that has it all', async () => {
  expect(await fault(ENGINE)).toBe('');
});

it('says that there is no docker', async () => {
  const settings = SiraSettings.parse({});
  await expect(assertDockerHost(settings, { PATH: folder() })).rejects.toThrow(/no docker on the PATH\nTo mend it: install/);
});

it('does not take a Compose that is late for a mistake in the file', async () => {
  const late = `${ENGINE}\ncompose*config*) exec sleep 600 ;;`;
  expect(await fault(late, {}, 5_000)).toMatch(/does not tell what is in .*: no answer in 5 s\nTo mend it: see what keeps/);
});
