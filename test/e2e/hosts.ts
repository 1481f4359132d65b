import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pebble } from './hosts/authority.ts';
import { homeWithPlugin } from './hosts/compose-plugin.ts';
import { baseImage } from './hosts/image.ts';
import { inOwnWorld, leftBy } from './hosts/world.ts';
import { tally } from './tally.ts';

/**
 * SIRA's runbooks on a real Docker Engine with a real Compose stack. Needs root, Linux, and Debian's docker.io, docker-compose,
 * docker-registry, debootstrap and iproute2, and a mirror of Debian. It starts an engine of its own, on a small disk of its own, in a network of its own.
 */

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const results = tally();
// Short, because the engine's sockets lie in it.
const work = mkdtempSync('/tmp/firebreak-hosts-');
try {
  if (process.getuid?.() !== 0) throw new Error('this needs root: it mounts a disk and starts a Docker Engine');
  const { code, last } = await inOwnWorld(join(import.meta.dirname, 'hosts/inside.ts'), [
    work,
    await baseImage(work),
    await homeWithPlugin(work),
    await pebble().then(() => values.only),
  ]);
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(last) ?? [];
  if (passed === undefined) console.log(last);
  results.add({ passed: Number(passed ?? 0), failed: Number(failed ?? 0) });
  results.holds('the stories came to their end', passed !== undefined && (code === 0 || failed !== '0'));
  results.equal('no process, mount or loop device is left', await leftBy(work), []);
} catch (error) {
  results.failed('the stories', error);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = results.end();
