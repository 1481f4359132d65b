import { names } from '../../../runbooks/language/names.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';

/** Which runbooks would only look, or ask, in an incident: meant, most often, and good to know before one. */
export function automation({ modes, place }: Pick<Facts, 'modes' | 'place'>): Finding[] {
  const promote = names(place.prefix).promoteFunction;
  return (modes ?? []).flatMap(({ runbook, mode, settings }): Finding[] => {
    if (mode === 'auto') return [];
    const set = settings.find((setting) => setting.mode === mode);
    const by = set
      ? `${set.scope} was set so by ${set.by.name} on ${set.at.slice(0, 10)}: ${set.reason}`
      : 'nobody has promoted it';
    const what = mode === 'observe' ? 'it looks and pages, and never acts' : 'it asks a person before every act';
    const scope = set?.scope ?? runbook;
    const payload = JSON.stringify({ scope, mode: 'auto', reason: '<why>', by: '<your name>' });
    return [
      {
        severity: 'note',
        area: 'automation',
        check: `mode-${mode}`,
        where: runbook,
        what: `${what}: its mode is ${mode} (${by}).`,
        fix: 'When its drills have convinced you, let it act.',
        commands: [
          `${awsCli(place.endpoint)} lambda invoke --function-name ${promote} --cli-binary-format raw-in-base64-out --payload '${payload}' /dev/stdout`,
        ],
      },
    ];
  });
}
