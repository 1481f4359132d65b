import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';

/** One check: a program that is silent about what is well and ends with 0. */
interface Check {
  name: string;
  program: string;
  args: string[];
  /** What to do when the program is not there. */
  missing?: string;
}

const node = process.execPath;
const scripts = globSync(['**/*.sh', '.ci/run'], { exclude: ['node_modules', '.git', '.firebreak', 'cdk.out'] });

const CHECKS: Check[] = [
  { name: 'types', program: node, args: ['node_modules/typescript-7/bin/tsc', '-p', '.'] },
  { name: 'lint', program: 'node_modules/.bin/biome', args: ['check', '--error-on-warnings'] },
  { name: 'arrows', program: node, args: ['test/check/arrows-report.ts'] },
  { name: 'docs', program: node, args: ['docs/generate.ts', '--check'] },
  { name: 'events', program: node, args: ['functions/events/write-docs.ts', '--check'] },
  { name: 'costs', program: node, args: ['test/bench/write-costs.ts', '--check'] },
  {
    name: 'shell',
    program: 'shellcheck',
    args: ['--shell=bash', ...scripts],
    missing: 'shellcheck is not installed: apt-get install shellcheck (.ci/run does it)',
  },
];

/** Runs one check, and says in one line how it went; what the program said is shown only if it failed. */
async function run({ name, program, args, missing }: Check): Promise<boolean> {
  const started = performance.now();
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    let output = '';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ code: 127, output: missing ?? error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
  const took = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${took.padStart(5)} s`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

const results = await Promise.all(CHECKS.map(run));
const failed = results.filter((well) => !well).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
