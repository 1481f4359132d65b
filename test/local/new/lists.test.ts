import { expect, it } from 'vitest';
import { added } from '../../../local/new/lists.ts';

const addition = {
  file: 'list.ts',
  list: 'export const list: readonly Thing[] = [',
  element: 'second',
  imported: 'second',
  from: './second.ts',
};
const IMPORTS = "import type { Thing } from './thing.ts';\nimport {\n  first,\n} from './first.ts';\n";

it('adds to a list of one line, of several, and to an empty one', () => {
  const of = (list: string) =>
    added(`${IMPORTS}\nexport const list: readonly Thing[] = ${list};\nconst other = [1];\n`, addition);
  expect(of('[first]')).toContain("from './first.ts';\nimport second from './second.ts';\n");
  expect(of('[first]')).toContain('= [first, second];\nconst other = [1];');
  expect(of('[\n  first,\n]').replaceAll(/\s/g, '')).toContain('=[first,second];');
  expect(of('[]').replaceAll(/\s/g, '')).toContain('=[second];');
});

it.each([
  ['another list', `${IMPORTS}\nexport const lists = [first];\n`],
  ['a list without an end', `${IMPORTS}\nexport const list: readonly Thing[] = [first`],
  ['no import', 'export const list: readonly Thing[] = [];\n'],
])('refuses %s, and says what to write by hand', (_what, text) => {
  expect(() => added(text, addition)).toThrow(
    /list\.ts: expected "export const list.*write there by hand: import second from '\.\/second\.ts'; and, in the list, second/,
  );
});
