import { describe, expect, test } from 'vitest';
import { block, oneLine } from '../../functions/escalate/wording.ts';
import { printable, printableName } from '../../functions/printable.ts';
import { redact, redactAll } from '../../functions/run-step/redact.ts';

const ESC = '\x1b';
const OBEYED: [what: string, text: string, shown: string][] = [
  ['colours', `${ESC}[31mred${ESC}[0m`, 'red'],
  ['the clearing of the screen', `a${ESC}[2Jb`, 'ab'],
  ['a title', `a${ESC}]0;owned\x07b`, 'ab'],
  ['a link', `${ESC}]8;;https://evil${ESC}\\here${ESC}]8;;${ESC}\\`, 'here'],
  ['a title without an end, to the end of its line', `a${ESC}]0;owned\nb`, 'a\nb'],
  ['a device control string', `a${ESC}P1$r0m${ESC}\\b`, 'ab'],
  ['another alphabet', `a${ESC}(0b`, 'ab'],
  ['a lone escape at the end', `a${ESC}`, 'a'],
  ['what is written over', 'all well\rno', 'all well\nno'],
  ['line ends of all kinds', 'a\r\nb\vc\fd\u0085e\u2028f', 'a\nb\nc\nd\ne\nf'],
  ['bells, backspaces and NULs', 'a\x07b\bc\0d', 'abcd'],
  ['the other direction', 'exe\u202egpj', 'exegpj'],
  ['what cannot be seen', 'a\u200bb\ufeffc', 'abc'],
];

test.each(OBEYED)('%s are not passed on', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('tabs, line feeds, other alphabets and smileys are shown as they are', () => {
  const text = 'a\tb\né ü 漢字 👩‍💻 [0m {{x}} $(id)';
  expect(printable(text)).toBe(text);
});

test('a megabyte of beginnings is read in one go', () => {
  for (const start of [`${ESC}]`, `${ESC}[`, `${ESC}[1;`, ESC, '\r', `${ESC}P`]) {
    const text = start.repeat(400_000);
    expect(printable(text).replaceAll('\n', '')).toBe('');
  }
});

describe('redaction', () => {
  test('is not misled by colours', () => {
    expect(redact(`${ESC}[36mpassword${ESC}[0m=${ESC}[35mhunter2${ESC}[0m`)).toBe('password=[redacted]');
    expect(redactAll({ line: `pass${ESC}[1mword=hunter2` })).toEqual({ line: 'password=[redacted]' });
  });

  test('makes no name another one: what was taken out of it leaves a mark', () => {
    expect(redactAll([`sira_${ESC}[0m1.sql.gz`, 'sira_\x071.sql.gz'])).toEqual(['sira_\ufffd1.sql.gz', 'sira_\ufffd1.sql.gz']);
    expect(printableName('plain')).toBe('plain');
  });
});

test('no line of a page obeys a host or an alarm', () => {
  expect(block('What was found', [`a${ESC}[2J\u202eb`])).toBe('What was found\n  ab\n');
  expect(oneLine(`a${ESC}]0;x\x07\vb\u2028c`)).toBe('a b c');
});
