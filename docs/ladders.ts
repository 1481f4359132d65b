import { type Duration, milliseconds, spoken } from '../runbooks/language/duration.ts';
import type { Ladder, Rung } from '../runbooks/language/ladder.ts';
import { list, page, table, text } from '../runbooks/language/markdown.ts';
import { FLAPS_WITHIN, type Role, type System, titleOf } from '../runbooks/language/system.ts';

/** The generated page that says, for each severity of each system, who is paged when. @returns Markdown, for `docs/ladders.md` */
export function laddersPage(systems: readonly System[]): string {
  return page([
    '# Who is paged when',
    '<!-- Made by "npm run docs" from the system.ts and ladders.ts of each system under runbooks/: change it there. -->',
    'What a page looks like, and what to do with one: [on call](on-call.md). Who has which role, their addresses and turns are [settings](deploy.md#who-has-which-role).',
    ...systems.flatMap(ofSystem),
  ]);
}

function ofSystem(system: System): string[] {
  const { title, severities, ladders, roles, updates = [], flapsWithin = FLAPS_WITHIN } = system;
  return [
    `## ${text(title)}`,
    table(
      ['Severity', 'What belongs to it', 'Somebody has acknowledged it', 'A review follows'],
      severities.map(({ name, means, response, reviewed }) => [
        text(name),
        text(means),
        response === 'next-business-day' ? 'by the next business day' : `within ${long(response)}`,
        reviewed ? 'yes' : '',
      ]),
    ),
    ...ladders.flatMap((ladder) => ofLadder(system, ladder)),
    '### Roles and their paths',
    'Where a path is shorter than a rung asks for, its last is paged again.',
    list(roles.map((role) => `${text(role.title)} (\`${role.name}\`)${pathOf(roles, role)}`)),
    `An incident is first with the ${text(titleOf(roles, system.firstResponder))}, unless its runbook, the facts or a person name another role.`,
    ...(updates.length === 0
      ? []
      : [
          '### Told, and not paged',
          list(
            updates.map(
              ({ to, severities: of, withDraft }) =>
                `${text(titleOf(roles, to))}, for ${of.map(text).join(', ')}: when it begins, and when it is over${withDraft ? '; with a draft for the status page, which a person publishes' : ''}`,
            ),
          ),
        ]),
    `An alarm that fires again within ${long(flapsWithin)} of its incident's end opens that incident again, and the ladder with it.`,
  ];
}

function ofLadder({ roles, severities }: System, ladder: Ladder): string[] {
  const names = severities.map(({ name }) => name).filter((name) => ladder.severities.includes(name));
  return [
    `### ${names.map(text).join(', ')}`,
    table(
      ['When', 'Who', 'Unless it is', 'How'],
      ladder.rungs.map((rung) => [
        when(rung, ladder),
        `${whom(rung, roles)}${rung.onlyIfFelt ? ', where users feel it or nobody knows' : ''}`,
        rung.unless,
        rung.by,
      ]),
    ),
    list([
      `Nobody has it after that: it begins again ${long(ladder.again.after)} later, ${ladder.again.times} times; then whoever runs Firebreak is told that nobody answered.`,
      `Somebody has it, and it is not resolved within ${long(ladder.acknowledged)}: everybody is asked again, beginning with the first.`,
    ]),
  ];
}

function when({ from, after }: Rung, { patience }: Ladder): string {
  const later = milliseconds(after) === 0 ? '' : `${long(after)} after `;
  switch (from) {
    case 'opened':
      return later ? `${later}it began` : 'at once';
    case 'handed-over':
      return `${later || 'when '}the automation ${later ? 'has handed' : 'hands'} it over, or has been at it for ${long(patience)}`;
    case 'next-business-day':
      return `${later || 'when '}the next business day ${later ? 'has begun' : 'begins'}`;
  }
}

function whom({ to }: Rung, roles: readonly Role[]): string {
  if (to === 'responder') return 'whoever has it first';
  if (to === 'specialist') return 'the specialist, where it is first with one';
  if ('role' in to) return text(titleOf(roles, to.role));
  return `${NEXT[to.above - 1] ?? `number ${to.above}`} of the path of whoever has it first`;
}

function pathOf(roles: readonly Role[], { next }: Role): string {
  const above: string[] = [];
  for (let name = next; name !== undefined; name = roles.find((role) => role.name === name)?.next)
    above.push(titleOf(roles, name));
  return above.length === 0 ? '' : `, then ${above.map(text).join(', then ')}`;
}

const DAY_MS = milliseconds('1d');

function long(duration: Duration): string {
  const days = milliseconds(duration) / DAY_MS;
  if (days < 1 || !Number.isInteger(days)) return spoken(milliseconds(duration));
  return days === 1 ? 'a day' : `${days} days`;
}

const NEXT = ['the next', 'the second', 'the third'];
