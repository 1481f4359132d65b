import { readFlags } from '../docker/flags.ts';
import type { Answer } from '../outside.ts';
import type { ShimAnswer, ShimCall } from './rpc.ts';

const VALUED = [
  ...['output|o', 'write-out|w', 'max-time|m', 'connect-timeout', 'header|H', 'request|X', 'user-agent|A', 'retry', 'resolve'],
  ...['max-redirs', 'proto', 'config|K'],
];
const SWITCHES = [
  ...['silent|s', 'show-error|S', 'fail|f', 'head|I', 'location|L', 'insecure|k', 'include|i', 'globoff|g', 'disable|q'],
  'fail-with-body',
];

/**
 * `curl`, for a look at a URL: -s -S -f -o -w -m -I -L -k -H -X -K and their long forms. A configuration comes from standard input,
 * and has headers only. Nothing leaves this process.
 *
 * @param answer what a request from the host itself is answered; status 0 when nobody answers
 */
export function curl({ args, input }: ShimCall, answer: (url: string, headers: string[]) => Answer): ShimAnswer {
  const flags = readFlags(args, VALUED, SWITCHES);
  const [url = ''] = flags.words;
  const configured =
    flags.value('config') === '-' ? [...input.matchAll(/^header = "([^"\n]*)"$/gm)].map(([, header = '']) => header) : [];
  const { status: given, body, seconds = 0.042 } = answer(url, [...flags.values('header'), ...configured]);
  const most = Number(flags.value('max-time') ?? Number.POSITIVE_INFINITY);
  const late = given !== 0 && seconds > most;
  const status = late ? 0 : given;
  const host = URL.canParse(url) ? new URL(url).host : url;
  const [code, problem] = late
    ? [28, `Operation timed out after ${most * 1_000} milliseconds with 0 bytes received`]
    : [7, `Failed to connect to ${host}: Connection refused`];
  const known: Record<string, string> = {
    http_code: String(status).padStart(3, '0'),
    response_code: String(status).padStart(3, '0'),
    time_total: Math.min(seconds, most).toFixed(3),
    errormsg: status === 0 ? problem : '',
    exitcode: status === 0 ? String(code) : '0',
  };
  const written = flags
    .value('write-out')
    ?.replaceAll('\\n', '\n')
    .replace(/%\{(\w+)\}/g, (_, name: string) => known[name] ?? '');
  const quiet = flags.has('silent') && !flags.has('show-error');
  const failed = (exitCode: number, said: string) => ({
    exitCode,
    stdout: written ?? '',
    stderr: quiet ? '' : `curl: (${exitCode}) ${said}\n`,
  });
  if (status === 0) return failed(code, problem);
  if (flags.has('fail') && status >= 400) return failed(22, `The requested URL returned error: ${status}`);
  return { exitCode: 0, stdout: `${flags.has('output') ? '' : body}${written ?? ''}`, stderr: '' };
}
