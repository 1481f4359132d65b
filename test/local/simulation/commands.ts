import type { z } from 'zod';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { type HostCall, parameterText } from '../../../runbooks/language/command.ts';
import type { Stage } from './stage.ts';

let keys = 0;

/** Runs a command the way Systems Manager would on the stage's host; each call is a step of its own unless a key is given. */
export async function send<Facts>(stage: Stage, call: HostCall<Facts>, key = `step-${++keys}`): Promise<Facts> {
  const { stdout, stderr, exitCode } = await stage.run(scriptOf(call.command), environment(stage, call, key));
  if (exitCode !== 0) throw new Error(`${call.command.name} ended with ${exitCode}: ${stderr}\n${stdout}`);
  const facts: z.ZodType<Facts> = call.command.facts;
  return facts.parse(JSON.parse(stdout.split('\n')[0] ?? ''));
}

export function environment(stage: Stage, call: HostCall<unknown>, key: string): Record<string, string> {
  const own = Object.entries(call.parameters).map(([name, value]) => [`SSM_${name}`, parameterText(value)]);
  const notAfter = Math.floor(stage.clock.now().getTime() / 1_000) + 60;
  return { ...Object.fromEntries(own), SSM_key: key, SSM_notAfter: String(notAfter) };
}
