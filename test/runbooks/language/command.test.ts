import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { documentContent } from '../../../runbooks/commands/document.ts';
import { allowedPattern, hostCommand, parameterText } from '../../../runbooks/language/command.ts';
import { pulse, restart, wipe } from './kiosk.ts';

const spec = {
  title: 'Try',
  safety: 'routine' as const,
  verb: 'try',
  facts: z.object({}),
  timeout: '1m' as const,
  byHand: 'try',
};

describe('a host command', () => {
  it('is a value with a name, and calling it does nothing but check', () => {
    expect(restart.name).toBe('restart');
    expect(restart.timeoutSeconds).toBe(60);
    expect(restart({ service: 'till' })).toEqual({ kind: 'host', command: restart, parameters: { service: 'till' } });
    expect(pulse({}).parameters).toEqual({});
  });

  it('refuses what its parameters do not allow', () => {
    const anything: Record<string, unknown> = { tickets: ['a b'] };
    expect(() => wipe(wipe.parameters.parse(anything))).toThrow(z.ZodError);
    expect(() => wipe({ tickets: ['$(reboot)'] })).toThrow(z.ZodError);
    const misspelt = { service: 'till' as const, servise: 'screen' };
    expect(() => restart(misspelt)).toThrow(/servise/);
  });

  it('needs a verb to be counted under, unless it only looks', () => {
    const { verb: _, ...without } = spec;
    expect(() => hostCommand('try', { ...without, parameters: z.object({}) })).toThrow('command try: an act needs a verb');
    expect(hostCommand('try', { ...without, safety: 'observe', parameters: z.object({}) }).verb).toBeUndefined();
  });

  it.each([
    ['a free string', z.string()],
    ['a pattern without an end', z.string().regex(/^[a-z]+/)],
    ['a broken number', z.number()],
    ['a list of free strings', z.array(z.string())],
  ])('does not take %s, and names the parameter', (_, schema) => {
    const loose = hostCommand('try', { ...spec, script: '', parameters: z.object({ loose: schema }) });
    expect(() => documentContent(loose)).toThrow(/command parameter try\.loose/);
  });
});

describe('the allowed pattern of a parameter', () => {
  const word = z.string().regex(/^[a-z][a-z0-9.-]*$/);
  const kinds = {
    integer: z.number().int(),
    boolean: z.boolean(),
    choice: z.enum(['a', 'b-c', 'v1.2', '(d)']),
    word,
    words: z.array(word).default([]),
  };
  const pattern = (schema: z.ZodType) => new RegExp(allowedPattern('try', schema));
  /** As the script's side of the parameter would read the text back. */
  const readBack: Record<keyof typeof kinds, (text: string) => unknown> = {
    integer: Number,
    boolean: (text) => text === 'true',
    choice: (text) => text,
    word: (text) => text,
    words: (text) => (text === '' ? [] : text.split(' ')),
  };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];

  it.each(names)('of kind %s lets nothing through that the type does not allow', (kind) => {
    fc.assert(
      fc.property(fc.stringMatching(pattern(kinds[kind])), (text) => kinds[kind].safeParse(readBack[kind](text)).success),
    );
  });

  it.each(names)('of kind %s lets no script text through', (kind) => {
    const hostile = [
      '\n',
      'a\nb',
      'a\n',
      '"',
      "'",
      '$(id)',
      '`id`',
      ';',
      '{{x}}',
      'a;b',
      'a  b',
      ' a',
      'é',
      '\0',
      'v1x2;',
      'a|b',
      '1e3',
    ];
    for (const text of hostile) expect(pattern(kinds[kind]).test(text)).toBe(false);
  });

  it('lets every value through that the type allows', () => {
    const allows = (schema: z.ZodType, value: string | number | boolean | string[]) => pattern(schema).test(parameterText(value));
    const text = fc.stringMatching(/^[a-z][a-z0-9.-]*$/);
    fc.assert(fc.property(fc.integer(), (n) => allows(kinds.integer, n)));
    fc.assert(fc.property(fc.boolean(), (b) => allows(kinds.boolean, b)));
    fc.assert(fc.property(fc.constantFrom(...kinds.choice.options), (choice) => allows(kinds.choice, choice)));
    fc.assert(fc.property(text, (one) => allows(kinds.word, one)));
    fc.assert(fc.property(fc.array(text), (many) => allows(kinds.words, many)));
  });
});
