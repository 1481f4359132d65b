import { NewError } from './wanted.ts';

/** A value that a module exports as an array, and what is to be added to it. */
export interface Addition {
  file: string;
  /** How the array begins, such as `export const systems: readonly System[] = [`. */
  list: string;
  element: string;
  /** What is imported from where. */
  imported: string;
  from: string;
}

/**
 * Adds an element to a list of a module, and its import after the last one; the formatter puts both in order.
 * @throws {NewError} naming the file and the line to write by hand, where the list does not look as it does here
 */
export function added(text: string, { file, list, element, imported, from }: Addition): string {
  const line = `import ${imported} from '${from}';`;
  const byHand = `${file}: expected "${list}…]" and imports above it; write there by hand: ${line} and, in the list, ${element}`;
  const begin = text.indexOf(list);
  const end = begin < 0 ? -1 : text.indexOf('];', begin);
  const lastImport = text.lastIndexOf('\nimport ', begin);
  const importsEnd = text.indexOf(';\n', lastImport < 0 ? 0 : lastImport);
  const importsBegin = /^import /m.test(text.slice(0, Math.max(begin, 0)));
  if (end < 0 || !importsBegin || importsEnd < 0 || importsEnd > begin) throw new NewError(byHand);
  const body = text.slice(begin + list.length, end).trimEnd();
  const separated = body === '' || body.endsWith(',') ? body : `${body},`;
  return [
    text.slice(0, importsEnd + 2),
    `${line}\n`,
    text.slice(importsEnd + 2, begin + list.length),
    `${separated} ${element}`,
    text.slice(end),
  ].join('');
}
