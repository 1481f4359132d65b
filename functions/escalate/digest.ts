import { rank } from '../../runbooks/language/severity.ts';
import type { System } from '../../runbooks/language/system.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import type { Wanted } from './pace.ts';
import { linkPlace, withLinks } from './page-links.ts';
import { type Addressed, personOf, reachContact, ring, type Text } from './reach.ts';
import { block, cut } from './wording.ts';

/**
 * Sends one person several pages in one mail; in PagerDuty each is an alert of its own.
 * @param wanted two at least, all of one system and for one person
 * @returns who was reached, as the timeline says it
 * @throws what their topic answered, where nothing took it
 */
export async function sendDigest(around: Surroundings, to: Addressed, wanted: readonly Wanted[]): Promise<string> {
  const [first] = wanted;
  if (!first) return to.role;
  const system = systemOf(around, first.incident.system);
  const worstFirst = wanted.toSorted(
    (a, b) =>
      rank(system.severities, a.incident.severity) - rank(system.severities, b.incident.severity) ||
      a.page.dueAt.localeCompare(b.page.dueAt),
  );
  const parts: Text[] = [];
  for (const one of worstFirst) {
    const whose = { contact: to.name, role: one.page.role };
    parts.push(await withLinks(around, one.incident, whose, partOf(one)));
  }
  const person = personOf(around.config, system.id, to.id);
  const rings = worstFirst.map(({ incident }, at) => ring(around, incident, person, parts[at] ?? { subject: '', message: '' }));
  const reached = await reachContact(around, system.id, to, digestOf(system, worstFirst, parts));
  await Promise.all(rings);
  return reached;
}

/** One page of a digest: what is broken, what is asked, and its own link. */
function partOf({ page: { subject, message }, again }: Wanted): Text {
  const acknowledge = linkPlace('acknowledge');
  const link = message.includes(acknowledge) ? [`Acknowledge: ${acknowledge}`] : [];
  const lines = [...message.split('\n').slice(0, 2), ...(again ? ['(This may be a repeat.)'] : []), ...link];
  return { subject, message: block(subject, lines) ?? subject, short: [subject, ...link].join('\n') };
}

/** @param parts one for each page, the worst first */
export function digestOf(
  { title }: Pick<System, 'title'>,
  wanted: readonly Pick<Wanted, 'incident'>[],
  parts: readonly Pick<Text, 'message' | 'short'>[],
): Text {
  const incidents = new Set(wanted.map(({ incident }) => incident.id)).size;
  const many = incidents === 1 ? '1 incident' : `${incidents} incidents`;
  const worst = wanted[0]?.incident.severity ?? '';
  const head = `${many} of ${title}, the worst ${worst}`;
  const lines = [`${head}: ${wanted.length} pages in one mail.`, 'Each has to be acknowledged by itself.', ''];
  return {
    subject: cut(head, 99),
    message: [...lines, ...parts.map(({ message }) => message)].join('\n'),
    short: [`${head}.`, parts[0]?.short ?? ''].join('\n'),
  };
}
