import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type House, made } from '../../../local/new/made.ts';
import { wanted } from '../../../local/new/wanted.ts';
import { filled, wordsOf } from '../../../local/new/words.ts';
import { registry } from '../../../runbooks/registry.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** The repository itself, with what a test changes of it. */
const house = (instead: Readonly<Record<string, string | undefined>> = {}): House => ({
  read: (path) => {
    if (path in instead) return instead[path];
    return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined;
  },
  template: (name) => readFileSync(join(ROOT, 'local', 'new', 'templates', `${name}.txt`), 'utf8'),
  isFolder: (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() === true,
  systems: registry.systems,
});

describe('a runbook of a system that there is not', () => {
  const { written, changed, system } = made(wanted('kiosk/tickets-out'), house());

  it('comes with its system, its host in local mode, its test, and the rules of its alerts', () => {
    expect(system).toBe(true);
    expect([...written.keys()]).toEqual([
      'runbooks/kiosk/system.ts',
      'runbooks/kiosk/ladders.ts',
      'runbooks/kiosk/services.ts',
      'runbooks/kiosk/tickets-out.ts',
      'test/runbooks/kiosk/services.test.ts',
      'local/simulation/systems/kiosk.ts',
      'docs/alerts/kiosk.rules.yml',
      'docs/alerts/kiosk.rules.test.yml',
    ]);
    expect(written.get('runbooks/kiosk/tickets-out.ts')).toContain("title: 'Tickets out'");
  });

  it('has no word of a template left', () => {
    for (const text of [...written.values(), ...changed.values()]) expect(text).not.toMatch(/\{\{\w+\}\}/);
  });

  it('is registered, simulated and listed', () => {
    expect(changed.get('runbooks/registry.ts')).toContain("import ticketsOut from './kiosk/tickets-out.ts';");
    expect(changed.get('runbooks/registry.ts')).toContain('registered(kiosk)');
    expect(changed.get('local/simulation/further.ts')).toContain('kioskHost');
    expect(changed.get('docs/alerts/README.md')).toMatch(/## Kiosk\n[\s\S]*`kiosk-ServiceDown-<host>`/);
  });
});

it('of a system that there is comes alone, paging who is paged first there', () => {
  const { written, changed, system } = made(wanted('saveit/disk-look'), house());
  expect(system).toBe(false);
  expect([...written.keys()]).toEqual(['runbooks/saveit/disk-look.ts']);
  expect([...changed.keys()]).toEqual(['runbooks/registry.ts']);
  expect(written.get('runbooks/saveit/disk-look.ts')).toContain("owner: 'oncall'");
});

it('names apart what another system has, too, and what the language keeps for itself', () => {
  const { changed } = made(wanted('saveit/disk-check'), house());
  expect(changed.get('runbooks/registry.ts')).toContain("import saveitDiskCheck from './saveit/disk-check.ts';");
  const reserved = made(wanted('new/delete'), house());
  expect(reserved.changed.get('runbooks/registry.ts')).toContain("import { newSystem } from './new/system.ts';");
  expect(reserved.changed.get('runbooks/registry.ts')).toContain("import newDelete from './new/delete.ts';");
});

it('overwrites nothing, takes no folder that is none of a system, and wants a registry that it can read', () => {
  expect(() => made(wanted('sira/disk-check'), house())).toThrow('runbooks/sira/disk-check.ts is there already');
  expect(() => made(wanted('kiosk/app'), house({ 'docs/alerts/kiosk.rules.yml': '' }))).toThrow(
    'kiosk.rules.yml is there already',
  );
  expect(() => made(wanted('commands/app'), house())).toThrow('runbooks/commands is there and is no system');
  expect(() => made(wanted('kiosk/app'), house({ 'runbooks/registry.ts': 'export {};' }))).toThrow('write there by hand');
  expect(() => made(wanted('sira/app'), house({ 'runbooks/registry.ts': 'export {};' }))).toThrow(
    "import { … } from './sira/system.ts'",
  );
  expect(() => made(wanted('kiosk/app'), house({ 'docs/alerts/README.md': undefined }))).toThrow(
    'expected docs/alerts/README.md',
  );
});

it('would say so of a template that is misspelt', () => {
  expect(() => filled('{{sytsem}}', wordsOf(wanted('kiosk/app')))).toThrow('unknown word sytsem');
});
