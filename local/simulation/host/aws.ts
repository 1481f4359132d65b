import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import { failed, ok, readFlags } from '../docker/flags.ts';
import { simulatedKeys } from '../outside.ts';
import type { ShimAnswer } from './rpc.ts';

/** `aws ssm get-parameter`, with the host's own role; nothing else of the command line is simulated. */
export function aws(settings: SiraSettings, args: string[]): ShimAnswer {
  const flags = readFlags(args, ['name', 'query', 'output', 'region'], ['with-decryption']);
  if (flags.words.join(' ') !== 'ssm get-parameter') return failed('aws: error: this operation is not simulated', 252);
  const value = simulatedKeys(settings)[flags.value('name') ?? ''];
  if (value === undefined) return failed('An error occurred (ParameterNotFound) when calling the GetParameter operation: ', 254);
  return ok(flags.has('with-decryption') ? value : 'AQICAHhOmitted');
}
