import { runInSession } from '../../hosts/session.ts';
import type { ScriptResult } from '../fleet.ts';

export interface ScriptPlace {
  /** The host's folder on this machine. */
  home: string;
  bashEnv: string;
  /** Where scripts keep their markers, inside the sandbox. */
  stateDir: string;
}

/**
 * Runs a script inside the sandbox, with the real bash. Paths in its output are the simulated host's.
 *
 * @param signal kills the script and everything that it started; the result is then exit code 137
 */
export async function runScript(
  place: ScriptPlace,
  script: string,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<ScriptResult> {
  const { home, bashEnv, stateDir } = place;
  const result = await runInSession(
    {
      bash: `${home}/tools/bash`,
      scratch: home,
      cwd: `${home}/root`,
      environment: {
        ...environment,
        PATH: `${home}/bin`,
        BASH_ENV: bashEnv,
        HOME: `${home}/root/root`,
        TMPDIR: `${home}/root/tmp`,
        FIREBREAK_STATE: stateDir,
        LC_ALL: 'C',
        TZ: 'UTC',
      },
    },
    script,
    signal,
  );
  const shown = (text: string) => hostPaths(home, text);
  return { ...result, stdout: shown(result.stdout), stderr: shown(result.stderr) };
}

/** Without the folders of this machine: what a tool complains about, it complains about as on the host. */
function hostPaths(home: string, text: string): string {
  const [root, held, tools] = [`${home}/root`, `${home}/held`, `${home}/tools`];
  return text.replaceAll(`${tools}/`, '').replaceAll(`${root}/`, '/').replaceAll(root, '/').replaceAll(`${held}/`, '/');
}
