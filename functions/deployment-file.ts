import { readFileSync } from 'node:fs';
import { type Deployment, deployment } from '../runbooks/language/deployment.ts';
import type { System } from '../runbooks/language/system.ts';

/** Where a deployment's settings lie if nobody says where. */
const FILE = 'firebreak.json';

/**
 * What a deployment is given, read from the file that the stack is made with. It need not be there, unless it is named.
 *
 * @param named a path from the current folder
 * @throws {Error} with one line a fault: which field, and what was expected there
 */
export function deploymentFile(systems: readonly System[], named: string | undefined = process.env.FIREBREAK_DEPLOY): Deployment {
  const file = named ?? FILE;
  const text = read(file, named !== undefined);
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
    throw new Error(`${file}: expected a file that can be read: ${error instanceof Error ? error.message : error}`);
  }
}
