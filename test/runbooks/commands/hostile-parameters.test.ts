import { describe, expect, test } from 'vitest';
import { documentContent, scriptOf } from '../../../runbooks/commands/document.ts';
import { type HostCommand, parameterText } from '../../../runbooks/language/command.ts';
import { COMMANDS, legalParameters, shapeOf } from './legal-parameters.ts';

const MEGABYTE = 1_048_576;

/** Made of a value that is allowed, each by one change. */
const HOSTILE: Record<string, (legal: string) => string> = {
  'a newline and a command': (legal) => `${legal}\ntouch canary`,
  'a newline at its end': (legal) => `${legal}\n`,
  'a newline in front': (legal) => `\n${legal}`,
  'a carriage return': (legal) => `${legal}\r`,
  'a blank': (legal) => `${legal}  ${legal}`,
  'a tab': (legal) => `${legal}\t${legal}`,
  'a single quote': (legal) => `${legal}'`,
  'a double quote': (legal) => `${legal}"`,
  'a backslash': (legal) => `${legal}\\`,
  'a substitution': (legal) => `${legal}$(touch canary)`,
  backticks: (legal) => `${legal}\`touch canary\``,
  'an index that runs': (legal) => `${legal}[$(touch canary)]`,
  'a variable': (legal) => `${legal}\${PATH}`,
  "Systems Manager's braces": (legal) => `${legal}{{ssm:secret}}`,
  'a semicolon': (legal) => `${legal};touch canary`,
  'a pipe': (legal) => `${legal}|sh`,
  'an ampersand and a command': (legal) => `${legal} & touch canary`,
  'a redirection': (legal) => `${legal}>canary`,
  'a pattern of the shell': (legal) => `${legal}*`,
  'a dash in front': (legal) => `-${legal}`,
  'an option': () => '--help',
  'the way up, in front': (legal) => `../${legal}`,
  'the way up, behind': (legal) => `${legal}/../x`,
  'the way up, at its end': (legal) => `${legal}/..`,
  'a NUL': (legal) => `${legal}\0`,
  'a megabyte': (legal) => legal + (legal.at(-1) ?? 'a').repeat(MEGABYTE),
  'a letter that is no ASCII': (legal) => `${legal}é`,
  'a byte that is no UTF-8': (legal) => `${legal}\udcff`,
  'what such a byte becomes': (legal) => `${legal}\ufffd`,
  'an escape sequence': (legal) => `${legal}\x1b[2J`,
};
const CASES = Object.entries(HOSTILE);

/** Each parameter with a legal value of its own, as the script is given it: an item where it takes a list. */
function parametersOf(command: HostCommand) {
  const legal = legalParameters(command);
  const { parameters } = documentContent(command);
  return Object.entries(command.parameters.shape).map(([name, schema]) => {
    const value = legal[name] ?? '';
    const item = Array.isArray(value) ? (value[0] ?? '') : value;
    return {
      name,
      schema,
      list: Array.isArray(value),
      item: parameterText(item),
      pattern: parameters[name]?.allowedPattern ?? '',
    };
  });
}

describe.each(COMMANDS.map((command) => [command.name, command] as const))('%s', (_name, command) => {
  const parameters = parametersOf(command);

  test('has a legal value of each parameter, which its pattern lets through', () => {
    const legal = legalParameters(command);
    for (const { name, pattern } of parameters)
      expect(new RegExp(pattern).test(parameterText(legal[name] ?? '')), name).toBe(true);
  });

  test.each(CASES)('takes no parameter with %s', (_, hostile) => {
    for (const { name, schema, list, item, pattern } of parameters) {
      const text = hostile(item);
      // An enum, a number or a boolean is asked with the text itself: no text is one of its values.
      expect(schema.safeParse(list ? [text] : text).success, `${name}, by its type`).toBe(false);
      // The agent looks for the pattern anywhere in the value, as this does: only its anchors make it the whole value.
      expect(new RegExp(pattern).test(text), `${name}, by its pattern`).toBe(false);
      if (list) expect(new RegExp(pattern).test(`${item} ${text}`), `${name}, by its pattern, as the second of two`).toBe(false);
    }
  });

  test('takes no number that is below nought, broken, or no number at all, where it takes a number', () => {
    for (const { name, schema } of parameters.filter((one) => shapeOf(one.schema).type === 'integer'))
      for (const value of [-1, 0.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY])
        expect(schema.safeParse(value).success, `${name}: ${value}`).toBe(false);
  });

  test('says how long each list may be: its pattern cannot', () => {
    for (const { name, schema } of parameters.filter((one) => one.list))
      expect(shapeOf(schema).maxItems, `${name}: give the array a max()`).toBeLessThanOrEqual(100);
  });

  test('has patterns that Go reads as JavaScript does, anchored as a whole', () => {
    for (const { allowedPattern } of Object.values(documentContent(command).parameters)) {
      expect(allowedPattern).toMatch(/^\^.*\$$/);
      expect(outermost(allowedPattern.slice(1, -1))).not.toContain('|');
      // Neither looks around nor goes back; no count, nor counts in one another, above 1000.
      expect(allowedPattern).not.toMatch(/\(\?(?!:)|\\[1-9k]/);
      expect(counted(allowedPattern)).toBeLessThanOrEqual(1_000);
    }
  });

  test('has no parameter in its script but as a variable', () => {
    const script = scriptOf(command);
    for (const { name } of parameters) {
      expect(script).toContain(`SSM_${name}`);
      // Unquoted, or given to eval, a value would be read by the shell.
      expect(script).not.toMatch(new RegExp(`\\beval\\b.*SSM_${name}\\b`));
    }
    expect(script).not.toContain('{{');
  });
});

/** What is in no parenthesis and no class. */
function outermost(pattern: string): string {
  let [depth, out] = [0, ''];
  for (const [token] of pattern.replace(/\[(?:\\.|[^\]\\])*\]/g, 'c').matchAll(/\\.|./g)) {
    if (token === ')') depth -= 1;
    if (depth === 0) out += token;
    if (token === '(') depth += 1;
  }
  return out;
}

/** The largest count of a pattern, those inside of one another multiplied, as Go's `repeatIsValid` reckons it. */
function counted(pattern: string): number {
  const plain = pattern.replace(/\[(?:\\.|[^\]\\])*\]/g, 'c').replace(/\\./g, 'e');
  const stack: number[] = [1];
  let [most, last] = [1, 1];
  for (const [token, count] of plain.matchAll(/\{(?:\d+,)?(\d+)\}|./g)) {
    const top = stack.at(-1) ?? 1;
    if (token === '(') stack.push(1);
    else if (token === ')') {
      last = stack.pop() ?? 1;
      stack.push(Math.max(stack.pop() ?? 1, last));
    } else if (count) {
      last *= Number(count);
      stack.push(Math.max(stack.pop() ?? 1, last));
    } else last = 1;
    most = Math.max(most, top, last);
  }
  return most;
}
