import { createHash } from 'node:crypto';
import type { Wanted } from './wanted.ts';

/** Words that a module can give to nothing of its own, and those that the templates and the registry use already. */
const TAKEN = new Set(
  [
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if',
    'implements import in instanceof interface let new null package private protected public return static super switch this throw',
    'true try typeof var void while with yield await async arguments eval undefined',
    'z runbook runbooks registry registered systems overlaps faults status stack further because ladders exports kill revive',
    'host command test it expect app seen settings',
  ].flatMap((line) => line.split(' ')),
);

/** What stands in the templates for each name: `{{system}}` and so on. */
export type Words = Readonly<
  Record<'system' | 'runbook' | 'title' | 'runbookTitle' | 'identifier' | 'Type' | 'instanceId' | 'address' | 'owner', string>
>;

/** @param known what is known of a system that there is: its name in `system.ts`, and who is paged first */
export function wordsOf({ system, runbook }: Wanted, known?: { identifier: string; owner: string }): Words {
  const hash = createHash('sha256').update(system).digest('hex');
  return {
    ...{ system, runbook, title: capital(system), Type: capital(system), runbookTitle: capital(runbook.replaceAll('-', ' ')) },
    identifier: known?.identifier ?? (TAKEN.has(system) ? `${system}System` : system),
    owner: known?.owner ?? 'oncall',
    // Placeholders of its own, for local mode keeps hosts apart by them.
    instanceId: `i-${hash.slice(0, 17)}`,
    address: `10.${64 + (Number.parseInt(hash.slice(0, 2), 16) % 64)}.${Number.parseInt(hash.slice(2, 4), 16)}.7`,
  };
}

/** `app-down` as a name in a module that has others: with the system's in front where it is taken. */
export function importedAs({ system, runbook }: Wanted, module: string): string {
  const plain = camel(runbook);
  const taken = TAKEN.has(plain) || new RegExp(`^import .*\\b${plain}\\b.* from`, 'm').test(module);
  return taken ? camel(`${system}-${runbook}`) : plain;
}

/** @throws {Error} for a word that there is not: a template that is misspelt */
export function filled(template: string, words: Words): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const found = Object.entries(words).find(([name]) => name === word);
    if (!found) throw new Error(`a template has the unknown word ${word}`);
    return found[1];
  });
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const camel = (text: string) => text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
