import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

/** One thing that the arrows of the house forbid. */
export interface Violation {
  rule: string;
  from: string;
  to: string;
}

const ROOMS = ['runbooks', 'functions', 'infra', 'local', 'docs', 'test'];
const CONFIGURATION = join(import.meta.dirname, '../../.dependency-cruiser.mjs');
/** Names that say nothing of what is inside; and a barrel hides who needs what. */
const NAMELESS = /^(utils?|helpers?|common|misc|index)(\.|$)/i;

/**
 * Every violation in the rooms below a folder.
 * @param house a folder with `runbooks`, `functions` and so on in it; rooms that are not built yet are left out
 * @throws {Error} when nothing was seen at all: a check that looks at nothing must not pass
 */
export async function violations(house: string): Promise<Violation[]> {
  const rooms = globSync(`{${ROOMS.join(',')}}`, { cwd: house });
  const options = await extractDepcruiseOptions(CONFIGURATION);
  const { output } = await cruise(rooms, { ...options, baseDir: house });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text');
  if (output.summary.totalDependenciesCruised === 0) throw new Error('dependency-cruiser saw no import at all');
  const arrows = output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return [...arrows, ...nameless(house, rooms)];
}

function nameless(house: string, rooms: string[]): Violation[] {
  const files = globSync(
    rooms.map((room) => `${room}/**`),
    { cwd: house },
  );
  return files
    .filter((file) => NAMELESS.test(basename(file)))
    .map((file) => ({ rule: 'names-say-something', from: file, to: file }));
}
