import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactsOf, namesakes, personId, Staff } from '../../../runbooks/language/contact.ts';

const ada = { name: 'Ada Lovelace', email: 'ada@example.com' };
const grace = { name: 'Grace Hopper', sms: '+4915112345678' };

describe('the id of a person', () => {
  it.each([
    ['Ada Lovelace', /^ada-lovelace$/],
    [' ada   LOVELACE ', /^ada-lovelace$/],
    ['CTO', /^cto$/],
    ['ada-lovelace', /^ada-lovelace-[0-9a-f]{8}$/],
    ['On-call engineer', /^on-call-engineer-[0-9a-f]{8}$/],
    ['oncall@example.com', /^oncall-example-com-[0-9a-f]{8}$/],
    ['Jürgen Müller', /^jurgen-muller-[0-9a-f]{8}$/],
    ['李明', /^contact-[0-9a-f]{8}$/],
    ['ada 0a1b2c3d', /^ada-0a1b2c3d-[0-9a-f]{8}$/],
    ['a'.repeat(60), /^a{40}-[0-9a-f]{8}$/],
  ])('of %j', (name, id) => expect(personId(name)).toMatch(id));

  it('is part of a topic’s name whatever the name is, and another for another name', () => {
    const ids = new Map<string, string>();
    const name = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), fc.stringMatching(/^[a-c @.-]{1,6}$/));
    fc.assert(
      fc.property(name, (given) => {
        const id = personId(given);
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(id.length).toBeLessThan(50);
        const known = given.trim().replace(/\s+/g, ' ').toLowerCase();
        expect(ids.get(id) ?? known).toBe(known);
        ids.set(id, known);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('who may be paged for a role', () => {
  const rotation = Staff.parse({
    timeZone: 'UTC',
    handover: { every: 'day', at: '09:00' },
    since: '2026-11-02',
    members: [ada, null, 'lead@example.com', ada],
  });

  it('is each contact once, of one role or of several', () => {
    expect(contactsOf(rotation)).toEqual([ada, { name: 'lead@example.com', email: 'lead@example.com' }]);
    expect(contactsOf(rotation, [grace, ada])).toHaveLength(3);
    expect(contactsOf([])).toEqual([]);
  });

  it('is told apart by name: one person in two roles is the same, two of one name are a fault', () => {
    expect(namesakes({ oncall: rotation, lead: [ada, grace] })).toEqual([]);
    expect(namesakes({ oncall: rotation, lead: [{ ...ada, email: 'other@example.com' }] })).toEqual([
      { role: 'lead', name: 'Ada Lovelace' },
    ]);
  });
});
