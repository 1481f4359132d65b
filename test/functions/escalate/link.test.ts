import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandsFor, commandsToAnswer, whereIs } from '../../../functions/escalate/link.ts';
import { names } from '../../../runbooks/language/names.ts';
import { approval } from '../aws/table/records.ts';

const ID = '3F7K2M9QX0TB';
const there = { config: { region: 'eu-central-1', consoleUrl: 'https://firebreak.yourdomain.com' }, names: names() };
const without = { config: { region: 'eu-central-1' }, names: names('fb') };

/** What the AWS CLI would be given, were the lines pasted into a shell of Ada's. */
function pasted(lines: readonly string[]): { functionName: string; payload: unknown }[] {
  const script = `aws() { printf '%s\\0%s\\0' "$6" "\${10}"; }\n${lines.join('\n')}`;
  const said = execFileSync('bash', ['-euc', script], { env: { USER: 'ada l' }, encoding: 'utf8' }).split('\0');
  return said.flatMap((word, at) =>
    at % 2 === 0 && word ? [{ functionName: word, payload: JSON.parse(said[at + 1] ?? '') }] : [],
  );
}

describe('where there is a console', () => {
  it('its page is enough', () => {
    expect(whereIs(there, ID)).toBe(`https://firebreak.yourdomain.com/incidents/${ID}`);
    expect([...commandsFor(there, ID), ...commandsToAnswer(there, approval(ID))]).toEqual([]);
  });
});

describe('where there is none', () => {
  it('the commands show, acknowledge and take over, pasted as they stand', () => {
    expect(whereIs(without, ID)).toBe(`incident ${ID}`);
    const functionName = 'fb-console';
    expect(pasted(commandsFor(without, ID))).toEqual([
      { functionName, payload: { path: `/api/incidents/${ID}` } },
      { functionName, payload: { method: 'POST', path: `/api/incidents/${ID}/acknowledge`, body: { by: 'ada l' } } },
      { functionName, payload: { method: 'POST', path: `/api/incidents/${ID}/take-over`, body: { by: 'ada l' } } },
    ]);
    expect(commandsFor(without, ID)[1]).toContain('--cli-binary-format raw-in-base64-out');
  });

  it('a question is approved or denied by its own function', () => {
    const asked = approval(ID);
    const payload = { id: `${ID}.${asked.id}`, reason: '', by: 'ada l' };
    expect(pasted(commandsToAnswer(without, asked))).toEqual([
      { functionName: 'fb-approve', payload: { ...payload, decision: 'approve' } },
      { functionName: 'fb-approve', payload: { ...payload, decision: 'deny' } },
    ]);
  });
});
