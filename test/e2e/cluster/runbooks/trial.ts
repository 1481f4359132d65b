import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EKSClient } from '@aws-sdk/client-eks';
import { Clusters } from '../../../../functions/aws/cluster/clusters.ts';
import { handshake } from '../../../../functions/handshake.ts';
import { log } from '../../../../functions/log.ts';
import { scaledClock, type WorkingClock } from '../../../../local/clocks.ts';
import { pages } from '../../../../local/pages.ts';
import { type Responder, startResponder } from '../../../../local/responder.ts';
import { createMonitoring, type Monitoring } from '../../../../local/simulation/monitoring.ts';
import { registry } from '../../../../runbooks/registry.ts';
import { SiraSettings } from '../../../../runbooks/sira/system.ts';
import { type ConsoleApi, consoleApi, type Incident, type Whole } from '../../cli/console.ts';
import { askedOf, handedOver, toldFaults } from '../../told.ts';
import { until } from '../../until.ts';
import { keyOf, type Lane, settingsOf } from './lane.ts';
import { isAtWork, type Seen } from './seen.ts';
import { asGrafana } from './signals.ts';
import type { Story } from './story.ts';

/**
 * The responder's waits are so much shorter. While a call is made, or the control plane has something to do, its clock goes as the
 * machine's does: deadlines are those of real pods, Jobs and measurements.
 */
const SPEED = 20;
/** All that is there has been there for so long: what has only just begun is given time. */
const AHEAD_MS = 20 * 60_000;
/** What the control plane has not done in this time, it does not come to. */
const STILL_MS = 20_000;
const WAITS_MS = 120_000;
const RUN_MS = 480_000;

/** One responder with data of its own. What is real: all of its code and the control plane with its RBAC. */
export interface Trial {
  api: ConsoleApi;
  /** Waits for the incident's end, and takes it where that is at a person. @param holds which end is meant */
  ends(holds: (incident: Incident) => boolean): Promise<Whole>;
  /** Who was told of an incident and should not have been, or the other way round. @param responder who has it first */
  toldFaults(id: string, responder?: string): Promise<string[]>;
  /** What a role is asked about an incident, in a page or a ticket. */
  askedOf(id: string, role: string): Promise<string>;
  /** What came last before the end, where that is no success; `''` otherwise. */
  why(ended: Whole): string;
  /** So much time passes at once, and the auditor goes round until it has come to be. */
  later(ms: number, what: string, holds: () => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

export async function startTrial(lane: Lane, story: Story): Promise<Trial> {
  log.setLogLevel('SILENT');
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-lane-'));
  const clock = leapingAhead(scaledClock(SPEED, Date.now() + AHEAD_MS));
  const responder = await startResponder({ registry, clock, dataDir, inMemory: true, port: 0, pages }, scene(lane));
  const waiting = heldUp(clock, story);
  lane.world.begin(story, { now: clock.now, looked: waiting.looked });
  const monitoring = story.alert && monitored(lane, responder, clock, story, dataDir);
  monitoring?.start();
  const api = consoleApi(responder.url);
  const people = { api, tickets: responder.aws.tickets };
  return {
    api,
    ends: async (holds) => {
      const found = await until('the incident has come to its end', async () => (await api.incidents()).find(holds), RUN_MS);
      const whole = await api.whole(found.id);
      if (found.automation !== 'escalated' || found.status !== 'open') return whole;
      // Somebody has it, and its page: on a busy machine the next rung would have one, too, before all of it is looked at.
      await handedOver(people, found.id);
      await api.acknowledge(found.id);
      return whole;
    },
    toldFaults: (id, responder) => toldFaults(people, id, responder),
    askedOf: (id, role) => askedOf(people, id, role),
    why: ({ incident, timeline }) =>
      incident.status === 'resolved' || incident.automation === 'succeeded'
        ? ''
        : JSON.stringify(timeline.slice(-4)).slice(0, 1_500),
    later: async (ms, what, holds) => {
      clock.leap(ms);
      await until(
        what,
        async () => {
          await responder.watch();
          return await holds();
        },
        RUN_MS,
      );
    },
    close: async () => {
      monitoring?.stop();
      waiting.stop();
      lane.world.begin({ runbook: '' });
      await responder.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The control plane as EKS tells of it, and each function as a role of its own. */
function scene(lane: Lane): Parameters<typeof startResponder>[1] {
  const { plane, world } = lane;
  return async () => ({
    settings: SiraSettings.parse({}),
    fleet: { instances: () => [], run: () => Promise.reject(new Error('there are no hosts here')) },
    alarms: [],
    // Every name leads to this machine's own front door.
    handshake: (_host, port, limitMs) => handshake('127.0.0.1', port, limitMs),
    saveitSettings: settingsOf(lane, world),
    cluster: {
      known: { [plane.cluster]: { at: { url: plane.url, caData: plane.caData } } },
      as: (runbook) => ({
        open: (...place) => new Clusters(new EKSClient({ credentials: keyOf(lane, runbook) })).open(...place),
      }),
    },
  });
}

/** A clock that can be set ahead while nothing waits by it. */
function leapingAhead(clock: WorkingClock): WorkingClock & { leap(ms: number): void } {
  let ahead = 0;
  return {
    ...clock,
    now: () => new Date(clock.now().getTime() + ahead),
    leap: (ms) => {
      ahead += ms;
    },
  };
}

/** Holds the clock to the machine's pace while the control plane is at work, unless it has stood still for long. */
function heldUp(clock: WorkingClock, story: Story): { looked(seen: Seen): void; stop(): void } {
  let release: (() => void) | undefined;
  let [said, changedAt, waitsSince] = ['', performance.now(), Number.POSITIVE_INFINITY];
  const hold = (wanted: boolean) => {
    if (wanted && !release) {
      const work = Promise.withResolvers<void>();
      release = work.resolve;
      void clock.during(work.promise);
    } else if (!wanted && release) {
      release();
      release = undefined;
    }
  };
  return {
    looked: (seen) => {
      const now = performance.now();
      const saying = versionOf(seen);
      if (saying !== said) [said, changedAt] = [saying, now];
      const waits = story.waits?.(seen) ?? false;
      waitsSince = waits ? Math.min(waitsSince, now) : Number.POSITIVE_INFINITY;
      hold((isAtWork(seen) && now - changedAt < STILL_MS) || (waits && now - waitsSince < WAITS_MS));
    },
    stop: () => hold(false),
  };
}

const versionOf = ({ pods, deployments, jobs }: Seen) =>
  [...pods, ...deployments, ...jobs].map(({ metadata }) => metadata?.resourceVersion).join();

/** As Prometheus and Alertmanager tell of it: at once, again while it lasts, and when it is over. */
function monitored(lane: Lane, { around, names }: Responder, clock: WorkingClock, story: Story, dataDir: string): Monitoring {
  const { name = '', value = 0, form } = story.alert ?? {};
  return createMonitoring({
    clock,
    port: {
      setAlarm: () => Promise.reject(new Error('CloudWatch watches nothing here')),
      publishAlerts: (message) => {
        const text = JSON.stringify(form === 'grafana' ? asGrafana(message, value) : message);
        return clock.during(around.topics.publish(names.signalsTopic, 'firing', text));
      },
    },
    alarms: [],
    system: 'saveit',
    measure: () => [{ alert: name, value, firing: lane.world.isIll(), reason: `${name} of the namespace ${lane.name}` }],
    file: join(dataDir, 'prometheus.json'),
    labels: () => ({ namespace: lane.name }),
    failed: (error) => lane.results.failed('the monitoring', error),
  });
}
