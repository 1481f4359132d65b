import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deployment, settingsOf } from '../../../runbooks/language/deployment.ts';
import { systems } from '../../../runbooks/registry.ts';

const read = (given: unknown) => deployment(given, systems);

describe('what a deployment is given', () => {
  it('needs nothing, and takes no placeholder for an address', () => {
    const { prefix, operators, systems: deployed, encryptTopics } = read({});
    expect({ prefix, operators, encryptTopics }).toEqual({ prefix: 'firebreak', operators: [], encryptTopics: false });
    expect(deployed.sira?.contacts).toEqual({ oncall: [], lead: [], dba: [], security: [], devops: [] });
    expect([...(deployed.sira?.given ?? [])]).toEqual([]);
    expect(deployed.sira?.settings.hosts[0]?.name).toBe('sira-prod-1');
  });

  it('reads the example that ships', () => {
    const example = read(JSON.parse(readFileSync('firebreak.example.json', 'utf8')));
    expect(example.systems.sira?.contacts.oncall).toEqual(['oncall@example.com']);
    expect(example.systems.sira?.given).toContain('urls');
    expect(settingsOf(example).sira).toMatchObject({ projectDir: '/srv/sira', hostTag: 'firebreak:system=sira' });
    expect(settingsOf(example).sira).not.toHaveProperty('contacts');
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
    [{ vpc: { id: 'vpc-1', subnetIds: [] } }, 'firebreak.json: vpc.subnetIds: expected one subnet at least'],
    [{ environment: { AWS_REGION: 'x' } }, "firebreak.json: environment.AWS_REGION: expected another name: this one is Lambda's"],
    [{ environment: { 'a b': 'x' } }, 'firebreak.json: environment.a b: expected the name of an environment variable'],
    [{ environment: { LONG: 'x'.repeat(4_000) } }, 'firebreak.json: environment: expected 3000 bytes at most, got 4011'],
    [[], 'firebreak.json: the whole: expected object'],
  ])('says of %j which field is wrong, and what was expected', (given, fault) => {
    expect(() => read(given)).toThrow(fault);
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
