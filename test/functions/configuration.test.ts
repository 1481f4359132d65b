import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { configuration } from '../../functions/configuration.ts';
import { log } from '../../functions/log.ts';
import { surroundings } from '../../functions/surroundings.ts';
import { registry } from '../../runbooks/registry.ts';
import { sira } from '../../runbooks/sira/system.ts';

const NEEDED = { account: '111122223333', region: 'eu-central-1' };
const read = (given: object, folder?: string) =>
  configuration({ FIREBREAK_CONFIG: JSON.stringify(given), ...(folder && { LAMBDA_TASK_ROOT: folder }) }, registry.systems);
const complaint = (given: object, folder?: string): string => {
  try {
    read(given, folder);
  } catch (error) {
    return String(error);
  }
  return 'none';
};

/** A folder as a function finds its code in, with settings beside it. */
function codeWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-code-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'settings.json'), text);
  return folder;
}

describe('what a function is told', () => {
  it('is little: where it is; a new runbook only looks, and there may be no console', () => {
    expect(read(NEEDED)).toMatchObject({ prefix: 'firebreak', defaultMode: 'observe', ...NEEDED });
    expect(read(NEEDED).consoleUrl).toBeUndefined();
    expect(read(NEEDED).settingsOf('sira').hosts).not.toEqual([]);
    expect(Object.values(read(NEEDED).staffOf('sira')), 'nobody has a role that nobody was given for').toEqual(
      sira.roles.map(() => []),
    );
    expect(() => read(NEEDED).staffOf('other')).toThrow('there is no system other');
  });

  it('comes from a file beside its code, where it does not fit into the environment', () => {
    const folder = codeWith(
      JSON.stringify({
        systems: { sira: { hostTag: 'team=ops' } },
        people: { sira: { contacts: { lead: 'ada@example.com' }, businessHours: { timeZone: 'Europe/Berlin' } } },
        documents: { 'disk-usage': 'firebreak-disk-usage-0a1b2c3d' },
      }),
    );
    const config = read({ ...NEEDED, prefix: 'fb', file: 'settings.json' }, folder);
    expect(config.settingsOf('sira').hostTag).toBe('team=ops');
    expect(config.staffOf('sira')).toMatchObject({ lead: [{ name: 'ada@example.com', email: 'ada@example.com' }], oncall: [] });
    expect(config.businessHoursOf('sira')).toMatchObject({ timeZone: 'Europe/Berlin', from: '09:00' });
    expect(config.documentOf('disk-usage')).toBe('firebreak-disk-usage-0a1b2c3d');
    expect(config.documentOf('old-logs'), 'what is not named follows from the prefix').toBe('fb-old-logs');
  });

  it.each([
    [{ region: 'x' }, /FIREBREAK_CONFIG: account: /],
    [{ ...NEEDED, account: '12' }, /FIREBREAK_CONFIG: account: expected 12 digits/],
    [{ ...NEEDED, prefix: 'Über' }, /FIREBREAK_CONFIG: prefix: expected 2 to 31 small letters/],
    [{ ...NEEDED, consoleURL: 'https://x.example' }, /consoleURL: there is no such field/],
    [{ ...NEEDED, systems: { sria: {} } }, /systems\.sria: there is no such system; expected sira/],
    [{ ...NEEDED, systems: { sira: { hosts: [] } } }, /systems\.sira: hosts: /],
    [{ ...NEEDED, people: { sria: {} } }, /people\.sria: there is no such system; expected sira/],
    [{ ...NEEDED, people: { sira: { contacts: { boss: [] } } } }, /people\.sira: contacts\.boss: there is no such role/],
    [{ ...NEEDED, file: 'settings.json', people: {} }, /people: expected in settings\.json alone/],
    [{ ...NEEDED, documents: { x: 'a b' } }, /documents\.x: expected the name of a document/],
    [{ ...NEEDED, file: '../settings.json' }, /file: expected the name of a JSON file beside the code/],
    [{ ...NEEDED, file: 'settings.json', systems: {} }, /systems: expected in settings\.json alone/],
    [{ ...NEEDED, file: 'settings.json' }, /LAMBDA_TASK_ROOT is not set/],
  ])('is refused where it is wrong, naming the field and what was expected: %o', (given, says) => {
    expect(complaint(given)).toMatch(says);
  });

  it.each([
    ['no JSON', /settings\.json is not JSON/],
    ['{"systems": {}, "people": {}}', /settings\.json: documents: /],
    ['{"systems": {}, "documents": {}}', /settings\.json: people: /],
    ['{"systems": {"sira": {"hostTag": 7}}, "people": {}, "documents": {}}', /settings\.json: systems\.sira: hostTag: /],
  ])('is refused where the file is wrong: %s', (text, says) => {
    expect(complaint({ ...NEEDED, file: 'settings.json' }, codeWith(text))).toMatch(says);
  });

  it('is refused where the file is not there', () => {
    expect(complaint({ ...NEEDED, file: 'other.json' }, codeWith(''))).toMatch(/file: expected to be read: ENOENT/);
  });

  it('is said in the log where it is wrong, and the function does not start', () => {
    const said = vi.spyOn(log, 'critical').mockReturnValue();
    onTestFinished(() => said.mockRestore());
    expect(() => surroundings(registry, {})).toThrow(/FIREBREAK_CONFIG is not set: expected JSON/);
    expect(said.mock.calls[0]?.[1]).toMatchObject({ message: expect.stringContaining('FIREBREAK_CONFIG is not set') });
  });
});
