import { expect, test } from 'vitest';
import { alarms } from '../../../../functions/doctor/findings/alarms.ts';
import { hosts } from '../../../../functions/doctor/findings/hosts.ts';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import { registry as everything } from '../../../../runbooks/registry.ts';
import { provoked } from '../provoked.ts';
import { agent, HOST, system, well } from '../well.ts';

provoked([
  [
    'host-unknown',
    'error',
    'does not know this instance',
    'AmazonSSMManagedInstanceCore',
    { systems: system({}, { tagged: [], known: [], readiness: new Map() }) },
  ],
  [
    'host-untagged',
    'error',
    'does not carry the tag firebreak:system=sira',
    'Key=firebreak:system,Value=sira',
    { systems: system({}, { tagged: [], readiness: new Map() }) },
  ],
  [
    'host-offline',
    'error',
    'ConnectionLost',
    'amazon-ssm-agent',
    { systems: system({}, { tagged: [{ ...agent, online: false, ping: 'ConnectionLost' }] }) },
  ],
  [
    'agent-old',
    'error',
    '3.2.582.0',
    'AWS-UpdateSSMAgent',
    { systems: system({}, { tagged: [{ ...agent, version: '3.2.582.0' }] }) },
  ],
  [
    'host-unlisted',
    'warning',
    'none of the hosts of sira',
    'ec2 delete-tags',
    { systems: system({}, { tagged: [agent, { ...agent, instanceId: 'i-0aaaaaaaaaaaaaaaa' }] }) },
  ],
  [
    'host-mute',
    'error',
    'bash 4.2 is older than 4.4',
    '/var/log/amazon/ssm',
    { systems: system({}, { readiness: new Map([[HOST, { error: 'bash 4.2 is older than 4.4' }]]) }) },
  ],
]);

const ALERT = 'the alert ComposeNotResponding of saveit';
/** Of Save-It alone, whose hosts are given or not. */
const saveit = (given: object, tagged = [agent]) => {
  const registry = { ...everything, systems: everything.systems.filter(({ id }) => id === 'saveit') };
  const facts = {
    ...well(),
    given: deployment({ systems: { saveit: given } }, everything.systems),
    alarms: [],
    systems: new Map([['saveit', { tagged, known: [], readiness: new Map() }]]),
  };
  return { ofHosts: hosts(facts, registry), ofAlarms: alarms(facts, registry).map(({ where }) => where) };
};

test('a system without hosts lacks none, and waits for no alert about one', () => {
  const { ofHosts, ofAlarms } = saveit({}, []);
  expect([ofHosts, ofAlarms.includes(ALERT)]).toEqual([[], false]);
  expect(ofAlarms).toContain('the alert ApplicationNotResponding of saveit');
});

test('a host that carries the tag of a system without hosts is told: nothing may reach it', () => {
  const { ofHosts } = saveit({});
  expect(ofHosts).toMatchObject([{ check: 'host-unlisted', what: expect.stringContaining('saveit has no hosts') }]);
});

test('a system with hosts has them looked at, and waits for their alert', () => {
  const { ofHosts, ofAlarms } = saveit({ hosts: [{ name: 'saveit-1', instanceId: HOST }] }, []);
  expect([ofHosts.map(({ check }) => check), ofAlarms.includes(ALERT)]).toEqual([['host-unknown'], true]);
});
