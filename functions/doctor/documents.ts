import { createHash } from 'node:crypto';
import { documentContent } from '../../runbooks/commands/document.ts';
import type { HostCommand } from '../../runbooks/language/command.ts';
import { names } from '../../runbooks/language/names.ts';

/** How a command's document stands in an account. */
export type DocumentState =
  /** As this checkout would deploy it, or under the plain name, which says nothing of its content. */
  | { state: 'deployed'; name: string }
  /** Only with the script of another version. */
  | { state: 'other'; name: string }
  | { state: 'missing' };

/** Finds the document of a command among all that an account has. */
export function documentOf(command: HostCommand, prefix: string, documents: readonly string[]): DocumentState {
  const named = names(prefix);
  const content = JSON.stringify(documentContent(command));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const wanted = [named.pinnedDocument(command.name, hash), named.document(command.name)];
  const name = wanted.find((one) => documents.includes(one));
  if (name !== undefined) return { state: 'deployed', name };
  const plain = `${named.document(command.name)}-`;
  const other = documents.find((one) => one.startsWith(plain) && /^[0-9a-f]{8}$/.test(one.slice(plain.length)));
  return other === undefined ? { state: 'missing' } : { state: 'other', name: other };
}
