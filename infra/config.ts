import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Deployment, deployment } from '../runbooks/language/deployment.ts';
import type { System } from '../runbooks/language/system.ts';

/** The file that is read where nobody names another: it need not be there. */
export const DEFAULT_FILE = 'firebreak.json';

/**
 * What this deployment is given: the file that `cdk -c config=<path>` or the variable `FIREBREAK_DEPLOY` names, or
 * `firebreak.json` where there is one; otherwise nothing, and every value is its default.
 *
 * @param named a path from the folder in which the command was given
 * @throws {Error} when a file that was named is not there, is no JSON, or holds a fault: one line a fault
 */
export function readDeployment(systems: readonly System[], named: string | undefined = process.env.FIREBREAK_DEPLOY): Deployment {
  const path = resolve(named ?? DEFAULT_FILE);
  if (!named && !existsSync(path)) return deployment({}, systems);
  const where = named ?? DEFAULT_FILE;
  return deployment(parsed(where, text(where, path)), systems, where);
}

function text(where: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${where}: expected a file that can be read: ${said(error)}`);
  }
}

function parsed(where: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${where}: expected JSON: ${said(error)}`);
  }
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error));
