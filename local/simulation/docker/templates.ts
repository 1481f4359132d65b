/** What a template is evaluated on: a value as JSON has it. */
export type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };

/** A template that Docker would refuse as well; the message is Docker's. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

type Node = { text: string } | { words: string[] };

/**
 * The part of Go's templates that `docker --format` is used with: fields (`.A.B`), `json`, `index`, `len`, `join`,
 * `println`, `eq`, `ne`, `not`, `and`, `or`, `lower`, `upper`, `.Label "key"`, pipes, `if`/`else`, `range`, `with`.
 * Left out: variables, `define`, `printf` verbs other than %s, %d, %v and %q, and trimming other than `{{-` and `-}}`.
 *
 * @throws {TemplateError} for a field that is not there, an unknown function, or bad syntax
 */
export function render(template: string, value: Value): string {
  const nodes = parse(template.replaceAll('\\t', '\t').replaceAll('\\n', '\n'));
  const [text, rest] = evaluate(nodes, 0, value, true);
  if (rest < nodes.length) throw new TemplateError('template parsing error: template: :1: unexpected {{end}}');
  return text;
}

function parse(template: string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const match of template.matchAll(/\s*\{\{-\s([\s\S]*?)\s-\}\}\s*|\{\{([\s\S]*?)\}\}/g)) {
    nodes.push({ text: template.slice(at, match.index) }, { words: lex((match[1] ?? match[2] ?? '').trim()) });
    at = match.index + match[0].length;
  }
  const rest = template.slice(at);
  if (rest.includes('{{')) throw new TemplateError('template parsing error: template: :1: unclosed action');
  return [...nodes, { text: rest }];
}

function lex(action: string): string[] {
  const words = action.match(/"(?:\\.|[^"\\])*"|`[^`]*`|[()|]|[^\s()|"`]+/g);
  if (!words) throw new TemplateError('template parsing error: template: :1: missing value for command');
  return words;
}

/** Evaluates up to the `{{end}}` or `{{else}}` of the block it was called for; returns the text and where it stopped. */
function evaluate(nodes: Node[], from: number, dot: Value, live: boolean): [string, number] {
  let text = '';
  let at = from;
  while (at < nodes.length) {
    const node = nodes[at] as Node;
    if ('text' in node) {
      if (live) text += node.text;
      at += 1;
      continue;
    }
    const [keyword = ''] = node.words;
    if (keyword === 'end' || keyword === 'else') return [text, at];
    if (keyword === 'if' || keyword === 'range' || keyword === 'with') {
      const [part, next] = block(nodes, at, dot, live);
      text += part;
      at = next;
      continue;
    }
    if (live) text += shown(pipeline(node.words, dot));
    at += 1;
  }
  return [text, at];
}

function block(nodes: Node[], at: number, dot: Value, live: boolean): [string, number] {
  const [keyword = '', ...condition] = (nodes[at] as { words: string[] }).words;
  const value = live ? pipeline(condition, dot) : undefined;
  const items = keyword === 'range' ? elements(value) : truthy(value) ? [keyword === 'with' ? value : dot] : [];
  let text = '';
  // Evaluated once without effect, to find where the block ends.
  let [, stop] = evaluate(nodes, at + 1, dot, false);
  for (const item of items) text += evaluate(nodes, at + 1, item, live)[0];
  const middle = nodes[stop];
  if (middle && 'words' in middle && middle.words[0] === 'else') {
    const [otherwise, end] = evaluate(nodes, stop + 1, dot, live && items.length === 0);
    text += otherwise;
    stop = end;
  }
  if (stop >= nodes.length) throw new TemplateError('template parsing error: template: :1: unexpected EOF');
  return [text, stop + 1];
}

function elements(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  return value && typeof value === 'object' ? Object.values(value) : [];
}

function pipeline(words: string[], dot: Value): Value {
  const [first, ...rest] = split(words, '|');
  let value = call(first ?? [], dot, []);
  for (const part of rest) value = call(part, dot, [value]);
  return value;
}

function split(words: string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (word === separator && depth === 0) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/** One command: an operand alone, `.Label "key"`, or a function and its arguments; a pipe's value comes last. */
function call(words: string[], dot: Value, piped: Value[]): Value {
  const [head = '', ...rest] = words;
  if (head === '.Label')
    return (
      field(dot, ['Labels'], words)
        ?.toString()
        .split(',')
        .find((l) => l.startsWith(`${operands(rest, dot)[0]}=`))
        ?.split('=')
        .slice(1)
        .join('=') ?? ''
    );
  if (head === '(' || head.startsWith('.') || head.startsWith('"') || head.startsWith('`') || /^-?\d/.test(head))
    return operands(words, dot)[0];
  if (head === 'true' || head === 'false') return head === 'true';
  const run = FUNCTIONS[head];
  if (!run) throw new TemplateError(`template parsing error: template: :1: function "${head}" not defined`);
  return run(...operands(rest, dot), ...piped);
}

function operands(words: string[], dot: Value): Value[] {
  const values: Value[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '(') {
      const end = closing(words, at);
      let value = pipeline(words.slice(at + 1, end), dot);
      at = end;
      if (words[at + 1]?.startsWith('.')) value = field(value, (words[++at] ?? '').slice(1).split('.'), words);
      values.push(value);
    } else values.push(operand(word, dot, words));
  }
  return values;
}

function closing(words: string[], from: number): number {
  let depth = 0;
  for (let at = from; at < words.length; at += 1) {
    if (words[at] === '(') depth += 1;
    if (words[at] === ')' && --depth === 0) return at;
  }
  throw new TemplateError('template parsing error: template: :1: unclosed left paren');
}

function operand(word: string, dot: Value, words: string[]): Value {
  if (word.startsWith('"')) return JSON.parse(word);
  if (word.startsWith('`')) return word.slice(1, -1);
  if (word === '.') return dot;
  if (word.startsWith('.')) return field(dot, word.slice(1).split('.'), words);
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  throw new TemplateError(`template parsing error: template: :1: function "${word}" not defined`);
}

function field(value: Value, path: string[], words: string[]): Value {
  let at = value;
  for (const key of path) {
    if (at === null || typeof at !== 'object' || Array.isArray(at) || !(key in at))
      throw new TemplateError(`template: :1:2: executing "" at <${words.join(' ')}>: map has no entry for key "${key}"`);
    at = at[key];
  }
  return at;
}

function index(value: Value, ...keys: Value[]): Value {
  let at = value;
  for (const key of keys) {
    if (Array.isArray(at)) {
      if (typeof key !== 'number' || key < 0 || key >= at.length)
        throw new TemplateError(`template: :1:2: executing "" at <index>: error calling index: index out of range: ${key}`);
      at = at[key];
    } else at = at && typeof at === 'object' ? (at[String(key)] ?? '') : '';
  }
  return at;
}

function truthy(value: Value): boolean {
  if (value && typeof value === 'object') return Object.keys(value).length > 0;
  return Boolean(value);
}

const FUNCTIONS: Record<string, ((...values: Value[]) => Value) | undefined> = {
  json: (value) => JSON.stringify(value ?? null),
  index: (value, ...keys) => index(value, ...keys),
  len: (value) => (typeof value === 'string' ? Buffer.byteLength(value) : elements(value).length),
  join: (value, separator) => elements(value).map(shown).join(shown(separator)),
  split: (value, separator) => shown(value).split(shown(separator)),
  lower: (value) => shown(value).toLowerCase(),
  upper: (value) => shown(value).toUpperCase(),
  println: (...values) => `${values.map(shown).join(' ')}\n`,
  print: (...values) => values.map(shown).join(''),
  printf: (format, ...values) =>
    shown(format).replace(/%([sdvq])/g, (_, verb) =>
      verb === 'q' ? JSON.stringify(shown(values.shift())) : shown(values.shift()),
    ),
  eq: (left, ...right) => right.some((value) => value === left),
  ne: (left, right) => left !== right,
  not: (value) => !truthy(value),
  and: (...values) => values.find((value) => !truthy(value)) ?? values.at(-1),
  or: (...values) => values.find(truthy) ?? values.at(-1),
};

/** As Go prints it: `<no value>` for what is missing, `[a b]` and `map[a:b]` for what is not simple. */
function shown(value: Value): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .map(([key, item]) => `${key}:${shown(item)}`)
      .join(' ')}]`;
  return String(value);
}
