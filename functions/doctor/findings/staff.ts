import type { Rotation } from '../../../runbooks/language/contact.ts';
import type { System } from '../../../runbooks/language/system.ts';
import { after } from '../../incident/clock.ts';
import { onCall } from '../../incident/ladder/on-call.ts';
import type { Registry } from '../../surroundings.ts';
import { type Facts, staffOf } from '../facts.ts';
import type { Finding } from '../finding.ts';

/** How far ahead a turn without anybody is looked for: long enough to find somebody. */
const AHEAD_DAYS = 14;

/** Whether each role is somebody's, now and in the next days. */
export function staff(facts: Facts, { systems, runbooks }: Registry): Finding[] {
  return systems.flatMap((system) =>
    system.roles.flatMap(({ name, title }): Finding[] => {
      const severity = isPagedFirst(system, name, runbooks) ? 'error' : 'warning';
      const one = staffOf(facts, system.id)[name] ?? [];
      const field = `systems.${system.id}.contacts.${name}`;
      const base = { area: 'people' as const, where: `${field} (${system.title}, ${title})` };
      if (!('members' in one)) {
        if (one.length > 0) return [];
        const fix = `Put a contact into firebreak.json, under ${field}, and deploy.`;
        const what = 'nobody has this role: its pages go to the operators, and then to whoever stands above.';
        return [{ ...base, severity, check: 'role-unstaffed', what, fix }];
      }
      return ofRotation(one, facts.now).map((finding) => ({ ...base, severity, ...finding }));
    }),
  );
}

/** Whether some page goes there first: by its system's ladder or by a runbook of it. */
export function isPagedFirst({ id, firstResponder }: System, role: string, runbooks: Registry['runbooks']): boolean {
  return role === firstResponder || runbooks.some(({ system, escalate }) => system.id === id && escalate.to === role);
}

type Said = Pick<Finding, 'check' | 'what' | 'fix'> & Partial<Pick<Finding, 'severity'>>;

function ofRotation(rotation: Rotation, now: string): Said[] {
  const current = onCall(rotation, now);
  if (rotation.since > now.slice(0, 10)) {
    const what = `its rotation begins on ${rotation.since} (since), which is still to come: until ${said(current.until)} nobody is on call.`;
    return [
      {
        check: 'rotation-ahead',
        what,
        fix: 'Give the date of a handover that is past, and the members in the order that makes today’s right.',
      },
    ];
  }
  const gap = firstGap(rotation, now);
  if (!gap) return [];
  const what = `nobody is on call from ${said(gap.from)} to ${said(gap.until)}: its pages go to the operators, and then to whoever stands above.`;
  return [
    {
      severity: 'warning',
      check: 'rotation-gap',
      what,
      fix: 'Put somebody into that turn of the rotation (its member is null), or see to it that the others know.',
    },
  ];
}

/** The first turn of the next days that is nobody's. */
function firstGap(rotation: Rotation, now: string): { from: string; until: string | null } | undefined {
  const end = after(now, AHEAD_DAYS * 86_400_000);
  for (let at = now; at < end; ) {
    const { contacts, until } = onCall(rotation, at);
    if (contacts.length === 0) return { from: at, until };
    if (until === null) return undefined;
    at = until;
  }
  return undefined;
}

const said = (at: string | null) => (at === null ? 'an unknown time' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`);
