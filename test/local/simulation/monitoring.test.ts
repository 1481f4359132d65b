import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { siraAlarms } from '../../../local/simulation/alarms.ts';
import {
  createMonitoring,
  EVERY,
  type Monitoring,
  type MonitoringPort,
  REPEAT,
  SOON,
} from '../../../local/simulation/monitoring.ts';
import { openStage, type Stage, settings } from './stage.ts';

let stage: Stage;
let told: string[];
let alarms: Record<string, string>;
let port: MonitoringPort;
let monitoring: Monitoring;

beforeEach(async () => {
  stage = await openStage();
  told = [];
  alarms = {};
  port = {
    setAlarm: async (name, state) => {
      alarms[name] = state;
      told.push(`${name} ${state}`);
    },
    alarmState: async (name) => alarms[name],
    publishAlerts: async (message) => {
      const { status, alerts } = message as { status: string; alerts: { labels: Record<string, string>; fingerprint: string }[] };
      told.push(
        `${alerts.map(({ labels }) => `${labels.alertname} of ${labels.system} on ${labels.instance ?? labels.service}`)} ${status}`,
      );
    },
  };
  monitoring = stage.simulation.monitoring(port);
  await monitoring.evaluate();
  expect(told.splice(0).sort()).toEqual(
    siraAlarms(settings)
      .map(({ name }) => `${name} OK`)
      .sort(),
  );
});
afterEach(() => stage.close());

async function minutes(count: number): Promise<string[]> {
  for (let minute = 0; minute < count; minute += 1) {
    stage.clock.leap(60_000);
    await monitoring.evaluate();
  }
  return told.splice(0);
}

describe('the simulated monitoring', () => {
  it('tells CloudWatch of a change once, repeats through Alertmanager every four minutes, and clears both', async () => {
    stage.simulation.switchOn('disk-full-volumes');
    expect(await minutes(1)).toEqual(['sira-DiskSpaceLow ALARM']);
    expect(await minutes(3)).toEqual([]);
    expect(await minutes(5)).toEqual([
      'DiskSpaceLow of sira on 10.0.1.7:9100 firing',
      'DiskSpaceLow of sira on 10.0.1.7:9100 firing',
    ]);
    stage.simulation.switchOff('disk-full-volumes');
    expect(await minutes(2)).toEqual(['sira-DiskSpaceLow OK', 'DiskSpaceLow of sira on 10.0.1.7:9100 resolved']);
  });

  it('says nothing more of what was over before the first repeat', async () => {
    stage.simulation.switchOn('backend-down');
    expect(await minutes(2)).toEqual(['sira-APIDown ALARM']);
    stage.simulation.switchOff('backend-down');
    expect(await minutes(5)).toEqual(['sira-APIDown OK']);
  });

  it('sets right what a person has set by hand', async () => {
    alarms['sira-APIDown'] = 'ALARM';
    expect(await minutes(2)).toEqual(['sira-APIDown OK']);
  });

  it('finds an unreachable host by its URL, and leaves the alarms of what it can’t measure', async () => {
    stage.simulation.switchOn('disk-full-logs');
    await minutes(1);
    stage.simulation.switchOn('host-unreachable');
    expect(await minutes(1)).toEqual(['sira-APIDown ALARM']);
    expect(alarms['sira-DiskSpaceLow']).toBe('ALARM');
  });

  it('goes on after a restart without telling it all again', async () => {
    stage.simulation.switchOn('disk-full-volumes');
    await minutes(5);
    await stage.reopen();
    monitoring = stage.simulation.monitoring(port);
    await monitoring.evaluate();
    expect(told).toEqual([]);
    stage.simulation.switchOff('disk-full-volumes');
    expect(await minutes(1)).toEqual(['sira-DiskSpaceLow OK', 'DiskSpaceLow of sira on 10.0.1.7:9100 resolved']);
  });

  it('goes on after a failure of what it tells', async () => {
    const failures: unknown[] = [];
    let broken = true;
    const other = createMonitoring({
      clock: stage.clock,
      alarms: siraAlarms(settings),
      file: `${stage.folder}/other.json`,
      labels: () => ({}),
      measure: () => [{ alert: 'APIDown', firing: true, value: 1, reason: 'down' }],
      failed: (error) => failures.push(error),
      port: {
        ...port,
        setAlarm: async (name, state, reason, value) => {
          if (broken) throw new Error('CloudWatch is away');
          await port.setAlarm(name, state, reason, value);
        },
      },
    });
    await other.evaluate();
    broken = false;
    await other.evaluate();
    expect(failures).toHaveLength(1);
    expect(told).toEqual(['sira-APIDown ALARM']);
  });

  it('looks again within seconds of a switch, and every minute otherwise', async () => {
    const looks: number[] = [];
    const began = stage.clock.now().getTime();
    const watching = createMonitoring({
      clock: stage.clock,
      alarms: [],
      file: `${stage.folder}/watching.json`,
      labels: () => ({}),
      port,
      failed: () => undefined,
      measure: () => {
        looks.push(stage.clock.now().getTime() - began);
        if (looks.length === 2) watching.soon();
        if (looks.length === 4) watching.stop();
        return [];
      },
    });
    watching.start();
    while (looks.length < 4) await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toEqual([0, EVERY, EVERY + SOON, 2 * EVERY + SOON]);
    expect(REPEAT).toBe(4 * 60_000);
  });
});

it('defines an alarm for each alert that it measures', () => {
  const alarms = siraAlarms(settings);
  expect(alarms.map(({ name }) => name)).toEqual(alarms.map(({ alert }) => `sira-${alert}`));
  expect(alarms.map(({ alert }) => alert).sort()).toEqual(
    stage.simulation
      .measure()
      .map(({ alert }) => alert)
      .sort(),
  );
  expect(alarms.find(({ alert }) => alert === 'DiskSpaceLow')?.dimensions.InstanceId).toBe(settings.hosts[0]?.instanceId);
});
