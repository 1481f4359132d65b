import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contactsOf } from '../../../runbooks/language/contact.ts';
import { deployment, givenPeopleOf, settingsOf } from '../../../runbooks/language/deployment.ts';
import { systems } from '../../../runbooks/registry.ts';

const read = (given: unknown) => deployment(given, systems);

const ADA = { name: 'Ada Lovelace', email: 'ada@example.com' };
const ROTATION = {
  timeZone: 'Europe/Berlin',
  handover: { every: 'week', on: 'monday', at: '09:00' },
  since: '2026-11-02',
  members: [ADA, null],
};

describe('what a deployment is given', () => {
  it('needs nothing, and takes no placeholder for an address', () => {
    const { prefix, operators, systems: deployed, encryptTopics } = read({});
    expect({ prefix, operators, encryptTopics }).toEqual({ prefix: 'firebreak', operators: [], encryptTopics: false });
    const nobody = { oncall: [], lead: [], cto: [], dba: [], security: [], ciso: [], devops: [], team: [], stakeholders: [] };
    expect(deployed.sira?.staff).toEqual(nobody);
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
    expect(deployed.sira?.businessHours).toEqual({ timeZone: 'UTC', from: '09:00', days, holidays: [] });
    expect([...(deployed.sira?.given ?? [])]).toEqual([]);
    expect(deployed.sira?.settings.hosts[0]?.name).toBe('sira-prod-1');
  });

  it('reads the example that ships', () => {
    const example = read(JSON.parse(readFileSync('firebreak.example.json', 'utf8')));
    expect(example.systems.sira?.staff.oncall).toMatchObject({ members: [{ name: 'Ada Lovelace' }, { name: 'Grace Hopper' }] });
    expect(example.systems.sira?.staff.lead).toEqual([{ name: 'lead@example.com', email: 'lead@example.com' }]);
    expect(example.systems.sira?.businessHours.holidays).toContain('2026-12-25');
    expect(example.systems.sira?.given).toContain('urls');
    expect(settingsOf(example).sira).toMatchObject({ projectDir: '/srv/sira', hostTag: 'firebreak:system=sira' });
    expect(Object.keys(settingsOf(example).sira ?? {})).not.toEqual(expect.arrayContaining(['contacts', 'businessHours']));
    const nobody = Object.values(example.systems).flatMap(({ staff }) =>
      Object.entries(staff).filter(([, one]) => contactsOf(one).length === 0),
    );
    expect(nobody, 'it shows every role').toEqual([]);
  });

  it.each([
    [{ prefx: 'x' }, 'firebreak.json: prefx: there is no such field'],
    [{ prefix: 'F' }, 'firebreak.json: prefix: expected 2 to 31 small letters, digits and hyphens, a letter first'],
    [{ prefix: 7 }, 'firebreak.json: prefix: expected string'],
    [{ operators: ['nobody'] }, 'firebreak.json: operators.0: expected an email address'],
    [{ systems: { sirra: {} } }, 'firebreak.json: systems.sirra: there is no such system; expected sira'],
    [{ systems: { sira: { projectdir: '/x' } } }, 'firebreak.json: systems.sira.projectdir: there is no such field'],
    [
      { systems: { sira: { hosts: [{ name: 'a', instanceId: 'b' }] } } },
      'firebreak.json: systems.sira.hosts.0.instanceId: expected',
    ],
    [{ systems: { sira: { hosts: [] } } }, 'firebreak.json: systems.sira.hosts: '],
    [
      { systems: { sira: { contacts: { boss: ['a@example.com'] } } } },
      'systems.sira.contacts.boss: there is no such role; expected oncall',
    ],
    [
      { systems: { sira: { contacts: { lead: ['a'] } } } },
      'firebreak.json: systems.sira.contacts.lead.0: expected an email address',
    ],
    [
      { systems: { sira: { contacts: { lead: { name: 'Ada', pagerduty: '0123456789abcdef0123456789abcdef' } } } } },
      'systems.sira.contacts.lead.pagerduty: expected the name of a parameter that holds the key, such as /firebreak/pagerduty/oncall; never the key itself',
    ],
    [{ systems: { sira: { contacts: { lead: { name: 'Ada' } } } } }, 'contacts.lead: expected an email, an sms or a pagerduty'],
    [
      { systems: { sira: { contacts: { lead: [{ nmae: 'Ada', sms: '0151' }] } } } },
      'contacts.lead.0.nmae: there is no such field',
    ],
    [{ systems: { sira: { contacts: { lead: { name: 'Ada', sms: '0151' } } } } }, 'contacts.lead.sms: expected a number such as'],
    [
      { systems: { sira: { contacts: { oncall: { ...ROTATION, handover: { every: 'month' } } } } } },
      'systems.sira.contacts.oncall.handover.every: expected every: "day" or "week"',
    ],
    [
      { systems: { sira: { contacts: { oncall: { ...ROTATION, members: ['ada@example.com', 'grace'] } } } } },
      'systems.sira.contacts.oncall.members.1: expected an email address',
    ],
    [
      {
        systems: {
          sira: { contacts: { oncall: ADA, lead: ['a@example.com', { ...ADA, name: 'ADA  Lovelace', sms: '+4915112345678' }] } },
        },
      },
      'systems.sira.contacts.lead: expected another name than ADA  Lovelace: that of another contact of this system',
    ],
    [{ systems: { sira: { businessHours: { days: ['moonday'] } } } }, 'systems.sira.businessHours.days.0: '],
    [{ vpc: { id: 'vpc-1', subnetIds: [] } }, 'firebreak.json: vpc.subnetIds: expected one subnet at least'],
    [{ environment: { AWS_REGION: 'x' } }, "firebreak.json: environment.AWS_REGION: expected another name: this one is Lambda's"],
    [{ environment: { 'a b': 'x' } }, 'firebreak.json: environment.a b: expected the name of an environment variable'],
    [{ environment: { LONG: 'x'.repeat(4_000) } }, 'firebreak.json: environment: expected 3000 bytes at most, got 4011'],
    [[], 'firebreak.json: the whole: expected object'],
  ])('says of %j which field is wrong, and what was expected', (given, fault) => {
    expect(() => read(given)).toThrow(fault);
  });

  it('takes one person, an address, several of both, and people in turn, for a role; and gives the functions the same', () => {
    const contacts = { oncall: ROTATION, lead: 'lead@example.com', cto: ADA, dba: [ADA, 'dba@example.com'], devops: [] };
    const given = read({ systems: { sira: { contacts } } });
    const address = (email: string) => ({ name: email, email });
    expect(given.systems.sira?.staff).toEqual({
      oncall: ROTATION,
      lead: [address('lead@example.com')],
      cto: [ADA],
      dba: [ADA, address('dba@example.com')],
      security: [],
      ciso: [],
      devops: [],
      team: [],
      stakeholders: [],
    });
    const people = JSON.parse(JSON.stringify(givenPeopleOf(given)));
    expect(read({ systems: { sira: people.sira } }).systems.sira?.staff).toEqual(given.systems.sira?.staff);
  });

  it('refuses a prefix that would make a system’s alarms its own', () => {
    expect(() => read({ prefix: 'sira' })).toThrow('prefix: expected a name that no alarm of sira begins with');
    expect(() => read({ prefix: 'sira-fire' })).toThrow('prefix');
  });

  it('names every fault at once, a line each', () => {
    const given = { systems: { other: {}, sira: { contacts: { boss: [] }, urls: 3 } } };
    expect(() => read(given)).toThrow(/other.*\n.*boss.*\n.*urls/);
  });

  it('passes an emulator’s endpoints on', () => {
    const environment = { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4600' };
    expect(read({ environment }).environment).toEqual(environment);
  });
});
