import { names } from '../../runbooks/language/names.ts';

/** What is asked for cannot be made; the message says what was expected. */
export class NewError extends Error {
  override readonly name = 'NewError';
}

/** The runbook that somebody wants to begin. */
export interface Wanted {
  system: string;
  runbook: string;
}

/** Lambda's longest name of a function, in characters. */
const LONGEST_FUNCTION = 64;
/** No dash: alarms are called `<system>-<Alert>`, and the first dash ends the system's name. */
const SYSTEM = /^[a-z][a-z0-9]{1,15}$/;
const RUNBOOK = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Reads `<system>/<name>`.
 * @throws {NewError} saying which part was expected to be what
 */
export function wanted(given: string): Wanted {
  const [system = '', runbook = '', ...more] = given.split('/');
  if (runbook === '' || more.length > 0) throw new NewError(`expected <system>/<name>, such as shop/app-down, got "${given}"`);
  if (!SYSTEM.test(system) || system === names().prefix)
    throw new NewError(`system: expected 2 to 16 small letters and digits, a letter first, such as shop, got "${system}"`);
  if (!RUNBOOK.test(runbook))
    throw new NewError(`name: expected words of small letters with dashes, such as app-down, got "${runbook}"`);
  const made = names().stepFunction(`${system}/${runbook}`);
  if (made.length > LONGEST_FUNCTION)
    throw new NewError(
      `name: expected at most ${LONGEST_FUNCTION - made.length + runbook.length} letters: its function would be ${made}, too long for Lambda`,
    );
  return { system, runbook };
}
