type Form = { [name: string]: Form | string };

/**
 * The input of a query-protocol request: `A.member.1=x` becomes a list, `A.entry.1.Name=..` (or `.key`) with its value a
 * map, dotted names structures. Everything is text: numbers and booleans are read by the operation's schema.
 */
export function parseQuery(form: URLSearchParams): unknown {
  const root = emptyForm();
  for (const [name, value] of form) if (name !== 'Action' && name !== 'Version') place(root, name.split('.'), value);
  return shape(root);
}

/** Without a prototype: a field may be called anything, `__proto__` too. */
function emptyForm(): Form {
  return Object.create(null);
}

function place(into: Form, [first = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const next = into[first];
  const deeper = typeof next === 'object' ? next : emptyForm();
  into[first] = deeper;
  place(deeper, rest, value);
}

function shape(form: Form | string | undefined): unknown {
  if (form === undefined || typeof form === 'string') return form;
  if (typeof form.member === 'object') return numbered(form.member).map(shape);
  if (typeof form.entry === 'object') return asMap(numbered(form.entry));
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, shape(value)]));
}

function numbered(list: Form): (Form | string | undefined)[] {
  const order = Object.keys(list).sort((a, b) => Number(a) - Number(b));
  return order.map((number) => list[number]);
}

function asMap(entries: (Form | string | undefined)[]): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const entry of entries) {
    if (typeof entry !== 'object') continue;
    const name = entry.Name ?? entry.key;
    if (typeof name === 'string') map[name] = shape(entry.Value ?? entry.value);
  }
  return map;
}
