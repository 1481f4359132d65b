import { expect, test } from 'vitest';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import { found, provoked } from '../provoked.ts';
import { GIVEN, registry } from '../well.ts';

const ADA = GIVEN.systems.sira.contacts.oncall;
const staffed = (contacts: object) =>
  deployment(
    { ...GIVEN, systems: { sira: { ...GIVEN.systems.sira, contacts: { ...GIVEN.systems.sira.contacts, ...contacts } } } },
    registry.systems,
  );
const rotation = (more: object = {}) => ({
  timeZone: 'UTC',
  handover: { every: 'week', on: 'monday', at: '09:00' },
  since: '2026-11-02',
  members: [ADA, ADA, ADA, ADA],
  ...more,
});

provoked([
  [
    'role-unstaffed',
    'warning',
    'systems.sira.contacts.ciso (SIRA, CISO): nobody has this role',
    'Put a contact into firebreak.json',
    { given: staffed({ ciso: [] }) },
  ],
  [
    'rotation-gap',
    'warning',
    'nobody is on call from 2026-12-07 09:00 UTC to 2026-12-14 09:00 UTC',
    'member is null',
    { given: staffed({ oncall: rotation({ members: [ADA, ADA, ADA, ADA, ADA, null] }) }) },
  ],
  [
    'rotation-ahead',
    'error',
    'its rotation begins on 2026-12-01 (since), which is still to come: until 2026-12-07 09:00 UTC nobody is on call',
    'a handover that is past',
    { given: staffed({ oncall: rotation({ since: '2026-12-01' }) }) },
  ],
]);

test('a role that pages go to first must be somebody’s', () => {
  const given = staffed({ devops: [] });
  expect(found({ given })).toMatchObject([{ check: 'role-unstaffed', severity: 'error' }]);
});

test('a turn of nobody that is farther away is left for later, and one that is now is found', () => {
  expect(found({ given: staffed({ oncall: rotation({ members: [ADA, ADA, ADA, ADA, ADA, ADA, null] }) }) })).toEqual([]);
  expect(found({ given: staffed({ oncall: rotation({ members: [ADA, ADA, ADA, null] }) }) })).toMatchObject([
    { what: expect.stringContaining('from 2026-11-27 12:00 UTC to 2026-11-30 09:00 UTC') },
  ]);
});

test('what the functions were told counts, where it can be read', () => {
  const staff = new Map([['sira', staffed({ ciso: [] }).systems.sira?.staff ?? {}]]);
  const configured = { account: '123456789012', region: 'eu-central-1', defaultMode: 'observe' as const, staff };
  expect(found({ configured })).toMatchObject([{ check: 'role-unstaffed' }]);
});
