import { describe, expect, it } from 'vitest';
import { intake } from '../../functions/intake/intake.ts';
import { type Whole, whole } from '../local/whole.ts';
import { alertmanagerMessage } from './intake/messages.ts';

const fires = (system: Whole, alert: string, value: number) =>
  system.clock.during(intake(system.around)(alertmanagerMessage(alert, { system: 'saveit', value })));
const clears = (system: Whole, alert: string) =>
  system.clock.during(intake(system.around)(alertmanagerMessage(alert, { system: 'saveit', status: 'resolved', endsAt: 60 })));

/** They do not come at once; and what is looked at in the very moment of a change says nothing of what is after it. */
async function aMomentLater(system: Whole): Promise<void> {
  let over = false;
  void system.clock.sleep(7_000).then(() => {
    over = true;
  });
  await system.until(() => over);
}

async function byRunbook(system: Whole) {
  const incidents = await system.incidents();
  const one = (name: string) => incidents.find(({ runbook }) => runbook === `saveit/${name}`) ?? expect.fail(name);
  const related = async (name: string) => {
    const told = await system.around.store.incidents.timeline(one(name).id);
    return told.flatMap((event) => (event.type === 'related' ? [event] : []));
  };
  return { incidents, one, related };
}

describe('two incidents of Save-It with one cause', () => {
  it('are one restart: the broker waits for the backend that it is part of, and then needs nothing', async () => {
    const system = await whole({ monitoring: false });
    system.simulation.switchOn('saveit-mqtt-all');
    system.simulation.switchOn('saveit-hung');
    await fires(system, 'ApplicationNotResponding', 1);
    await aMomentLater(system);
    await fires(system, 'MqttBrokerDown', 3);
    await system.until(async () => (await system.acts()).length > 0);
    await clears(system, 'ApplicationNotResponding');
    await clears(system, 'MqttBrokerDown');
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual(['Restart the backend, pod by pod']);
    const { incidents, one, related } = await byRunbook(system);
    expect(incidents.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    expect(await related('mqtt-broker-down')).toContainEqual(
      expect.objectContaining({
        incident: one('application-not-responding').id,
        why: expect.stringContaining('this run waits for it'),
      }),
    );
    // The SEV1 pages as it opens, and that is all: the automation mended both.
    expect(system.pages()).toMatchObject([
      { role: 'oncall', subject: expect.stringMatching(/^SEV1 .*Application not responding/) },
    ]);
  });

  it('that end at a person are one page, which names both', async () => {
    const system = await whole({ monitoring: false });
    system.simulation.switchOn('saveit-certificate-order-fails');
    await fires(system, 'CertificateExpired', -1);
    await aMomentLater(system);
    await fires(system, 'ApplicationNotResponding', 1);
    await system.until(async () => (await system.incidents()).some(({ automation }) => automation === 'escalated'));
    await clears(system, 'ApplicationNotResponding');
    await system.until(() => system.quiet());
    const { one, related } = await byRunbook(system);
    const waited = one('application-not-responding');
    expect([one('certificate-expired').automation, waited.automation]).toEqual(['escalated', 'succeeded']);
    expect(await system.acts()).toEqual(['Renew the certificate']);
    expect(await related('certificate-expired')).toContainEqual(expect.objectContaining({ incident: waited.id }));
    const about = (what: string) => system.pages().filter(({ subject }) => subject.includes(what));
    // Each SEV1 pages as it opens; the one that ends at a person pages with what was found.
    expect(about('Application not responding')).toHaveLength(1);
    expect(about('TLS certificate').map(({ role }) => role)).toEqual(['oncall', 'oncall']);
    const [, page] = about('TLS certificate');
    expect(page?.message).toMatch(new RegExp(`Beside it\\n  SEV1 Application not responding \\(.*\\): .*${waited.id}`));
  });
});
