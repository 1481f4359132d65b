import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import { setMode } from '../../../functions/console/commands/set-mode.ts';
import { intake, type Message } from '../../../functions/intake/intake.ts';
import { partsOfKey } from '../../../runbooks/language/signal.ts';
import { registry } from '../../../runbooks/registry.ts';
import { type Whole, whole } from '../../local/whole.ts';
import { leaveOneFile } from '../leave-one-file.ts';
import { pass } from '../watching.ts';
import { alertmanagerMessage, payloadMessage, together } from './messages.ts';

const KEY = 'v1:sira:HighErrorRate:';

/** No function that a run needs ever answers: runs are started, and nothing comes of them. People are paged all the same. */
const nothingRuns = {
  invocation: <T>(call: () => Promise<T>, of: string) => (of.includes('escalate') ? call() : new Promise<never>(() => {})),
};

/** Where the lesser rate of errors has no runbook: a person is paged, and what comes worse is then the first run. */
const unanswered = { ...registry, runbooks: registry.runbooks.filter(({ id }) => id !== 'sira/high-error-rate') };
const lesserUnanswered = { ...nothingRuns, registry: unanswered };

/** The responder without its monitoring: what comes is what the test sends. Time passes only when it is driven. */
async function responder(options: Parameters<typeof whole>[0] = nothingRuns) {
  const system = await whole({ monitoring: false, ...options });
  const receive = intake(system.around);
  const send = (message: Message) => system.clock.during(receive(message));
  const started = () => system.runs().map(({ name }) => name);
  /** Lets what climbs the ladders send what is due. */
  const paged = async () => {
    await pass(system, 1_000);
    return system.pages().map(({ role, subject }) => `${role}: ${subject}`);
  };
  return { ...system, send, started, paged };
}

async function events(system: Whole, type: string): Promise<number> {
  const { id } = await system.incident();
  return (await system.around.store.incidents.timeline(id)).filter((event) => event.type === type).length;
}

describe('the same alarm, again and again', () => {
  it('200 times at once: one incident, one execution, seen 200', async () => {
    const runbook = leaveOneFile('one', 'DiskSpaceLow');
    const system = await responder({ registry: { systems: [runbook.system], runbooks: [runbook] } });
    const alarm = (n: number) => alertmanagerMessage('DiskSpaceLow', { instance: '10.0.1.7:9100', receivedAt: n / 100 });
    await Promise.all(Array.from({ length: 200 }, (_, n) => system.send(alarm(n))));
    const { id } = await system.incident();
    expect(system.started()).toEqual([`${id}-1`]);
    await system.until(async () => (await system.acts()).length > 0);
    await system.send(alertmanagerMessage('DiskSpaceLow', { instance: 'sira-prod-1', status: 'resolved', endsAt: 60 }));
    expect((await system.around.store.claims.get('v1:sira:DiskSpaceLow:sira-prod-1'))?.sources).toHaveLength(2);
    await system.send(alertmanagerMessage('DiskSpaceLow', { instance: '10.0.1.7:9100', status: 'resolved', endsAt: 60 }));
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ status: 'resolved', seen: 200, run: 1 });
    expect(await system.acts()).toEqual(['Leave a file']);
  });

  it('in a message that is delivered again is the same incident', async () => {
    const system = await responder();
    const message = alertmanagerMessage('DiskSpaceLow');
    await Promise.all([system.send(message), system.send(message)]);
    await system.send(message);
    const { id, dedupKey } = await system.incident();
    expect(system.started()).toEqual([`${id}-1`]);
    expect(await system.around.store.claims.get(dedupKey ?? '')).toMatchObject({ seen: 1 });
  });
});

it('a message that comes again when its incident is over does not swallow the next alarm', async () => {
  const system = await responder();
  const message = alertmanagerMessage('QueueStuck');
  await system.send(message);
  const { id } = await system.incident();
  await system.clock.during(resolve(system.around)(id, { by: 'Ada', reason: 'the queue runs again' }));
  await system.send(message);
  expect((await system.around.store.claims.get('v1:sira:QueueStuck:'))?.incidentId).toBeUndefined();
  expect(await system.incident()).toMatchObject({ id, status: 'resolved' });
  await system.send(alertmanagerMessage('QueueStuck', { startsAt: 700 }));
  const live = (await system.incidents()).filter(({ status }) => status === 'open');
  expect(live).toHaveLength(1);
  expect(live[0]?.id).not.toBe(id);
});

it('a runbook that cannot be started for longer than a try takes is for a person, who hears why', async () => {
  const system = await responder();
  system.around.machines.start = async () => {
    throw new Error('StateMachineDoesNotExist, token=hunter2');
  };
  const message = alertmanagerMessage('DiskSpaceLow');
  await expect(system.send(message)).rejects.toThrow('StateMachineDoesNotExist');
  expect(system.aws.inbox()).toEqual([]);
  await pass(system, 61_000);
  await system.send(message);
  const why = 'The runbook could not be started: StateMachineDoesNotExist, token=[redacted]';
  expect(await system.incident()).toMatchObject({ automation: 'escalated', runs: { '1': { ended: 'interrupted', why } } });
  // Nor can what climbs the ladder be started: whom it would page is paged all the same.
  expect(system.aws.inbox().map(({ role }) => role)).toEqual(['devops', 'lead']);
  for (const page of system.aws.inbox()) expect(page.message).toContain('could not be started');
  expect((await system.around.store.claims.opening()).length).toBe(0);
});

it('an alert and a target with colons keep their names, with a signal and without', async () => {
  const system = await responder();
  await system.send(alertmanagerMessage('job:errors:rate5m', { instance: 'db%3A:9100' }));
  const { alert, target, dedupKey: key } = await system.incident();
  expect([alert, target]).toEqual(['job:errors:rate5m', 'db%3A:9100']);
  expect(key).toBe('v1:sira:job%3Aerrors%3Arate5m:db%253A%3A9100');
  expect(partsOfKey(key ?? '')).toEqual({ system: 'sira', alert, target });
});

it('two alarms of one system: the second runbook waits its turn, looks again, and finds nothing left to do', async () => {
  const [one, two] = [leaveOneFile('one', 'DiskSpaceLow'), leaveOneFile('two', 'APIDown')];
  const system = await responder({ registry: { systems: [one.system], runbooks: [one, two] } });
  await Promise.all([system.send(alertmanagerMessage('DiskSpaceLow')), system.send(alertmanagerMessage('APIDown'))]);
  const told = async () => Promise.all((await system.incidents()).map(({ id }) => system.around.store.incidents.timeline(id)));
  await system.until(async () => (await told()).every((events) => events.some(({ type }) => type === 'checked')));
  for (const alert of ['DiskSpaceLow', 'APIDown'])
    await system.send(alertmanagerMessage(alert, { status: 'resolved', endsAt: 30 }));
  await system.until(() => system.quiet());
  expect(await system.acts()).toEqual(['Leave a file']);
  expect((await system.incidents()).map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  expect(await system.around.store.controls.lock('sira')).toBeUndefined();
  const looks = (await told()).map((events) => events.filter(({ type, key }) => type === 'looked' && /-count-/.test(key)).length);
  expect(looks.sort(), 'one of them looked a second time').toEqual([1, 2]);
  const skipped = (await told()).flat().flatMap((event) => (event.type === 'act-skipped' ? [event.why] : []));
  expect(skipped).toEqual(['there are 1']);
});

describe('a clearing alarm', () => {
  it('alone starts nothing', async () => {
    const system = await responder();
    await system.send(alertmanagerMessage('DiskSpaceLow', { status: 'resolved', endsAt: 10 }));
    expect(await system.incidents()).toEqual([]);
    expect(system.started()).toEqual([]);
  });

  it('that overtakes its firing keeps that from starting anything; the next firing does', async () => {
    const system = await responder();
    await system.send(alertmanagerMessage('DiskSpaceLow', { status: 'resolved', startsAt: 5, endsAt: 10 }));
    await system.send(alertmanagerMessage('DiskSpaceLow', { startsAt: 5, receivedAt: 11 }));
    expect(await system.incidents()).toEqual([]);
    await system.send(alertmanagerMessage('DiskSpaceLow', { startsAt: 20 }));
    expect(system.started()).toHaveLength(1);
  });
});

describe('how bad it is', () => {
  it('3 % of errors is P2 and a ticket; 7 % is P1 and the runbook, and nothing makes it less again', async () => {
    const system = await responder(lesserUnanswered);
    await system.send(alertmanagerMessage('HighErrorRate', { value: 3 }));
    const before = await system.incident();
    expect(before).toMatchObject({ severity: 'P2', runbook: null, automation: 'escalated', run: 0 });
    expect(system.started()).toEqual([]);
    expect(await system.paged()).toEqual([]);
    expect(system.aws.tickets()).toMatchObject([{ Title: 'P2 SIRA: HighErrorRate' }]);

    await system.send(alertmanagerMessage('HighErrorRate', { value: 7, receivedAt: 60 }));
    expect(await system.incident()).toMatchObject({ id: before.id, severity: 'P1', runbook: 'sira/application-down', run: 1 });
    expect(system.started()).toEqual([`${before.id}-1`]);

    for (const value of [3, 8]) await system.send(alertmanagerMessage('HighErrorRate', { value, receivedAt: 120 + value }));
    expect(await system.incident()).toMatchObject({ severity: 'P1', run: 1 });
    expect(system.started()).toHaveLength(1);
    expect(await system.around.store.claims.get(KEY)).toMatchObject({ severity: 'P1', seen: 4 });
    expect(await events(system, 'severity-raised')).toBe(1);
  });

  it('a run that was started by the rise pages, although the incident has been a ticket before', async () => {
    const system = await responder({ registry: unanswered });
    system.simulation.switchOn('host-unreachable');
    await system.send(alertmanagerMessage('HighErrorRate', { value: 3 }));
    await system.send(alertmanagerMessage('HighErrorRate', { value: 7, receivedAt: 60 }));
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ automation: 'escalated', runs: { '1': { ended: 'escalated' } } });
    const worse = ['oncall: P1 SIRA: Application down or 5xx errors', 'lead: P1 SIRA: Application down or 5xx errors'];
    // As it becomes worse, because people have it already; and again with what the run found.
    expect(await system.paged()).toEqual([...worse, ...worse]);
    expect(system.aws.tickets()).toMatchObject([{ Title: 'P2 SIRA: HighErrorRate' }]);
  });

  it('without a value it is the lesser, and a ticket', async () => {
    const system = await responder(lesserUnanswered);
    await system.send(alertmanagerMessage('HighErrorRate'));
    expect(await system.incident()).toMatchObject({ severity: 'P2', runbook: null });
    expect(await system.paged()).toEqual([]);
    expect(system.aws.tickets()).toHaveLength(1);
  });

  it('two that rise at the same moment start one run', async () => {
    const system = await responder(lesserUnanswered);
    await system.send(alertmanagerMessage('HighErrorRate', { value: 3 }));
    await Promise.all([6, 7, 8].map((value) => system.send(alertmanagerMessage('HighErrorRate', { value, receivedAt: 60 }))));
    expect(await system.incident()).toMatchObject({ severity: 'P1', run: 1 });
    expect(system.started()).toHaveLength(1);
  });

  it('another runbook answers to the worse: each is started once, in one incident', async () => {
    const system = await responder();
    for (const value of [3, 7, 3, 8]) await system.send(alertmanagerMessage('HighErrorRate', { value, receivedAt: value }));
    const { id, severity, runbook, runs } = await system.incident();
    expect({ severity, runbook }).toEqual({ severity: 'P1', runbook: 'sira/application-down' });
    expect(Object.values(runs).map((run) => run.runbook)).toEqual(['sira/high-error-rate', 'sira/application-down']);
    expect(system.started().toSorted()).toEqual([`${id}-1`, `${id}-2`]);
  });
});

describe('what no runbook answers to', () => {
  it('an alert that nobody declared opens an incident of a known system, and pages', async () => {
    const system = await responder();
    await system.send(alertmanagerMessage('QueueStuck'));
    expect(await system.incident()).toMatchObject({
      alert: 'QueueStuck',
      severity: 'P1',
      runbook: null,
      automation: 'escalated',
    });
    expect(await system.paged()).toEqual(['oncall: P1 SIRA: QueueStuck', 'lead: P1 SIRA: QueueStuck']);
    expect(await system.around.store.claims.get('v1:sira:QueueStuck:')).toMatchObject({ state: 'open' });
  });

  it('what cannot be understood pages the operators once, with its secrets hidden, and is not tried again', async () => {
    const system = await responder({});
    await system.around.topics.publish(system.names.signalsTopic, 'New Relic', 'the house is on fire, password=hunter2');
    await system.until(() => system.aws.inbox().length > 0);
    expect(system.aws.inbox()).toMatchObject([{ role: 'operators', subject: 'Firebreak: an alarm could not be understood' }]);
    const [{ message } = { message: '' }] = system.aws.inbox();
    expect(message).toContain('the house is on fire');
    expect(message).not.toContain('hunter2');
    expect(system.aws.deadLetters()).toEqual([]);
    expect(await system.incidents()).toEqual([]);
  });
});

it('an alert of a message that fails does not silence the ones behind it, and comes again', async () => {
  let broken = 'QueueStuck';
  const system = await responder();
  const { claims } = system.around.store;
  const fire = claims.fire.bind(claims);
  claims.fire = async (signal, candidate) => {
    if (signal.alert === broken) throw new Error('too large');
    return fire(signal, candidate);
  };
  const message = together(alertmanagerMessage('QueueStuck'), alertmanagerMessage('BackupLate'));
  await expect(system.send(message)).rejects.toThrow('too large');
  const late = ['oncall: P1 SIRA: BackupLate', 'lead: P1 SIRA: BackupLate'];
  expect(await system.paged()).toEqual(late);
  broken = '';
  await system.send(message);
  expect(await system.paged()).toEqual([...late, 'oncall: P1 SIRA: QueueStuck', 'lead: P1 SIRA: QueueStuck']);
});

describe('what CloudWatch says besides', () => {
  const at = (minute: string) => `2026-10-04T04:${minute}:30Z`;

  it('no data is no recovery, and opens nothing', async () => {
    const system = await responder();
    await system.send(payloadMessage('cloudwatch-eventbridge/insufficient-data.json', at('02')));
    expect(await system.incidents()).toEqual([]);
    await system.send(payloadMessage('cloudwatch-eventbridge/alarm.json', at('00')));
    const { id } = await system.incident();
    await system.send(payloadMessage('cloudwatch-eventbridge/insufficient-data.json', at('03')));
    const claim = await system.around.store.claims.get((await system.incident()).dedupKey ?? '');
    expect(claim).toMatchObject({ incidentId: id, seen: 1, sources: [{ status: 'unknown' }] });
  });

  it.each(['suppressed', 'muted'])('%s starts nothing', async (name) => {
    const system = await responder();
    await system.send(payloadMessage(`cloudwatch-eventbridge/${name}.json`, at('30')));
    expect(await system.incidents()).toEqual([]);
    expect(system.aws.inbox()).toEqual([]);
  });
});

it('keeps secrets that an alarm carries out of the table', async () => {
  const system = await responder();
  await system.send(alertmanagerMessage('QueueStuck', { summary: 'amqp://sira:hunter2@mq does not answer' }));
  const { id } = await system.incident();
  const told = JSON.stringify([await system.incident(), await system.around.store.incidents.timeline(id)]);
  expect(told).toContain('does not answer');
  expect(told).not.toContain('hunter2');
});

describe('intake that dies at any of its calls, and gets the message again', () => {
  const perHost = registry.systems.map((system) => ({
    ...system,
    alerts: system.alerts.map((alert) => ({ ...alert, about: 'host' as const })),
  }));

  it.each([
    { name: 'of an alarm with a runbook', values: [7], runs: 1, severity: 'P1', raised: 0, sent: [] },
    { name: 'of an alarm without one', values: [3], runs: 0, severity: 'P2', raised: 0, sent: ['ticket'] },
    { name: 'of an alarm that rises', values: [3, 7], runs: 1, severity: 'P1', raised: 1, sent: ['page', 'page', 'ticket'] },
  ])('$name', async ({ values, runs, severity, raised, sent }) => {
    let [calls, dieAt] = [0, 0];
    let die = () => {};
    // A process that dies neither returns nor throws: what it called never comes back.
    const dead = () => {
      die();
      return new Promise<never>(() => {});
    };
    const mortal = new AsyncLocalStorage<true>();
    const system = await responder({
      ...nothingRuns,
      registry: { ...unanswered, systems: perHost },
      watcher: async (_service, _operation, call) => {
        if (!mortal.getStore()) return call();
        calls += 1;
        const mine = calls;
        // Odd: before a call. Even: after it, so that what it wrote is there and nobody knows.
        if (dieAt === mine * 2 - 1) return dead();
        const answer = await call();
        return dieAt === mine * 2 ? dead() : answer;
      },
    });
    const { store } = system.around;
    // A host a round would be a storm, whose page tells of all of them at once.
    await system.clock.during(
      setMode(system.around)({ scope: 'storm:sira', mode: 'auto', by: 'Ada', reason: 'one host after the other' }),
    );
    for (let round = 1, died = true; died; round += 1) {
      const messages = values.map((value, n) =>
        alertmanagerMessage('HighErrorRate', { value, instance: `host-${round}`, receivedAt: n * 60 }),
      );
      const last = messages.pop();
      if (!last) throw new Error('nothing to send');
      for (const one of messages) await system.send(one);
      [calls, dieAt] = [0, round];
      const { promise: killed, reject } = Promise.withResolvers<never>();
      die = () => reject(new Error('dead'));
      died = await mortal
        .run(true, () => system.clock.during(Promise.race([intake(system.around)(last), killed])))
        .then(
          () => false,
          () => true,
        );
      if (died) await system.send(last);

      const claim = await store.claims.get(`${KEY}host-${round}`);
      const id = claim?.incidentId ?? '';
      expect(claim, `round ${round}`).toMatchObject({ state: 'open', severity, runbooks: runs ? ['sira/application-down'] : [] });
      const incident = await store.incidents.get(id);
      expect(incident, `round ${round}`).toMatchObject({ severity, run: runs });
      // Something climbs its ladder, as that stands now.
      expect(incident?.ladder, `round ${round}`).toMatchObject({ generation: raised + 1, over: null });
      const { generation, attempt } = incident?.ladder ?? { generation: 0, attempt: 0 };
      expect(system.aws.executions().map(({ name }) => name)).toContain(`${id}-${generation}.${attempt}`);
      expect(system.started().filter((name) => name.startsWith(id))).toEqual(runs ? [`${id}-1`] : []);
      const told = (await store.incidents.timeline(id)).map(({ type }) => type);
      expect(told.filter((type) => type === 'opened')).toHaveLength(1);
      expect(told.filter((type) => type === 'severity-raised')).toHaveLength(raised);
      await pass(system, 1_000);
      const due = await store.people.pages(id);
      expect(due.map(({ by, sentAt }) => (sentAt ? by : 'not sent')).toSorted(), `round ${round}`).toEqual(sent);
      expect(round).toBeLessThan(100);
    }
  });
});
