import { readFileSync } from 'node:fs';
import { type Deployment, deployment } from '../runbooks/language/deployment.ts';
import type { System } from '../runbooks/language/system.ts';

/** Where a deployment's settings lie if `FIREBREAK_DEPLOY` does not say. */
const FILE = 'firebreak.json';

/**
 * What differs from the placeholders of each `system.ts`, from the same file that a deployment on AWS is made with.
 * Without the file nothing differs; one that is named and is not there is a mistake.
 *
 * @throws {Error} with one line a fault: which field, and what was expected there
 */
export function deploymentFile(systems: readonly System[], { FIREBREAK_DEPLOY }: NodeJS.ProcessEnv = process.env): Deployment {
  const file = FIREBREAK_DEPLOY ?? FILE;
  const text = read(file, FIREBREAK_DEPLOY !== undefined);
  try {
    return deployment(JSON.parse(text), systems, file);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(`${file}: expected JSON: ${error.message}`) : error;
  }
}

function read(file: string, named: boolean): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!named && error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw new Error(`${file}: cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
