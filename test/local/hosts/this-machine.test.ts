import { expect, it } from 'vitest';
import { onThisMachine } from '../../../local/hosts/this-machine.ts';
import { deployment } from '../../../runbooks/language/deployment.ts';
import { registry } from '../../../runbooks/registry.ts';

const urls = { api: 'http://127.0.0.1:8080/health', site: 'http://127.0.0.1:8080/' };
const machine = { hostname: 'Web_1.example.org', addresses: ['192.0.2.7'] };
const sira = (given: object) => {
  const { systems } = deployment({ systems: { sira: given } }, registry.systems);
  if (!systems.sira) throw new Error('SIRA is not registered');
  return systems.sira;
};

it('is the one host, named after the machine where the settings do not know it', () => {
  const { hosts } = onThisMachine(sira({ urls }), machine);
  expect(hosts).toEqual([
    { name: 'web-1', instanceId: expect.stringMatching(/^mi-[0-9a-f]{17}$/), aliases: ['Web_1.example.org', '192.0.2.7'] },
  ]);
  expect(onThisMachine(sira({ urls }), machine).hosts, 'the same at each start').toEqual(hosts);
});

it('is the host that the settings know by its name or address, and no other', () => {
  const mine = { name: 'sira-prod-2', instanceId: 'i-0a1b2c3d4e5f60719', aliases: ['192.0.2.7'] };
  const other = { name: 'sira-prod-1', instanceId: 'i-0a1b2c3d4e5f60718', aliases: [] };
  expect(onThisMachine(sira({ urls, hosts: [other, mine] }), machine).hosts).toEqual([mine]);
});

it('asks for the URLs: a placeholder would always look down, or be somebody else', () => {
  expect(() => onThisMachine(sira({}), machine)).toThrow(/api\.yourdomain\.com.*placeholder\nTo mend it: .*systems\.sira\.urls/);
});
