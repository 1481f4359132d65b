import { HEARTBEAT, names } from '../../../runbooks/language/names.ts';
import { type Alert, canonicalTarget, type HostSettings, type System } from '../../../runbooks/language/system.ts';
import type { ConfiguredAlarm } from '../../aws/account/alarms.ts';
import { awsCli } from '../../aws-cli.ts';
import { HOST_DIMENSIONS, ownerOf } from '../../intake/normalise/cloudwatch-alarm.ts';
import type { Registry } from '../../surroundings.ts';
import type { Facts } from '../facts.ts';
import { type Finding, spoken } from '../finding.ts';

/** An alarm of a system, by the alert that intake would take it for. */
interface Read {
  alarm: ConfiguredAlarm;
  alert: Pick<Alert, 'name' | 'about'>;
}

/** Whether alarms and alerts fit: an alarm that no alert knows, an alert that no alarm raises, and our own that nobody hears. */
export function alarms(facts: Facts, registry: Registry): Finding[] {
  if (!facts.alarms) return [];
  const known = registry.systems.flatMap((system) => {
    const settings = facts.given.systems[system.id]?.settings;
    return settings ? [{ ...system, settings }] : [];
  });
  const theirs = facts.alarms.filter(({ name }) => !name.startsWith(`${facts.place.prefix}-`));
  const read = theirs.flatMap((alarm) => {
    const owner = ownerOf(alarm.name, known);
    return owner ? [{ alarm, system: owner.system.id, alert: owner.alert }] : [];
  });
  return [
    ...registry.systems.flatMap((system) => {
      const given = facts.given.systems[system.id];
      const mine = read.filter((one) => one.system === system.id);
      const hosts = given && (given.given.has('hosts') || facts.place.local) ? given.settings.hosts : [];
      return [
        ...unknown(system, mine),
        ...unfed(system, mine, registry, given?.settings.hosts.length === 0),
        ...ofHosts(system, mine, hosts, registry),
        ...silent(mine, facts.place.endpoint),
      ];
    }),
    ...(facts.place.local ? [] : own(facts)),
  ];
}

function unknown({ id, alerts }: System, read: readonly Read[]): Finding[] {
  return read
    .filter(({ alert }) => !alerts.some(({ name }) => name === alert.name))
    .map(({ alarm }) => ({
      severity: 'warning',
      area: 'alarms',
      check: 'alarm-unknown',
      where: alarm.name,
      what: `no alert of ${id} is called so, and no runbook answers to it: it can only page. Declared are ${spoken(alerts.map(({ name }) => name))}.`,
      fix: `Call it ${id}-<Alert>[-<suffix>], declare the alert in runbooks/${id}/system.ts, or give it a name that does not begin with ${id}-.`,
    }));
}

/** @param hostless whether the system has no hosts: then nobody waits for an alert about one */
function unfed({ id, alerts }: System, read: readonly Read[], registry: Registry, hostless: boolean): Finding[] {
  return alerts
    .filter(({ name, about }) => !(hostless && about === 'host') && !read.some(({ alert }) => alert.name === name))
    .map(({ name }): Finding => {
      const started = runbooksOf(registry, id, name);
      const common = { area: 'alarms', where: `the alert ${name} of ${id}` } as const;
      const fix = `Nothing, if Prometheus or Grafana raises it. If not: make an alarm called ${id}-${name} (or ${id}-${name}-<host>).`;
      return started.length > 0
        ? {
            ...common,
            severity: 'warning',
            check: 'trigger-unfed',
            what: `no CloudWatch alarm raises it, and only it starts ${spoken(started)}.`,
            fix,
          }
        : { ...common, severity: 'note', check: 'alert-unfed', what: 'no CloudWatch alarm raises it.', fix };
    });
}

/** For alerts that speak of one host: each host has one, and each speaks of a host that there is. */
function ofHosts({ id, alerts }: System, read: readonly Read[], hosts: readonly HostSettings[], registry: Registry): Finding[] {
  if (hosts.length === 0) return [];
  const settings = { hosts: [...hosts], hostTag: '' };
  const targeted = read.flatMap(({ alarm, alert }) => {
    const spokenOf = alarm.dimensions.flatMap((dimensions) => HOST_DIMENSIONS.flatMap((name) => dimensions[name] ?? []));
    return alert.about === 'host' && spokenOf.length > 0
      ? [{ alarm, alert: alert.name, target: canonicalTarget(settings, 'host', spokenOf) }]
      : [];
  });
  const strange = targeted
    .filter(({ target }) => !hosts.some(({ name }) => name === target))
    .map(
      ({ alarm, target }): Finding => ({
        severity: 'warning',
        area: 'alarms',
        check: 'alarm-of-no-host',
        where: alarm.name,
        what: `it watches ${target}, which is none of the hosts of ${id}: a runbook that it starts finds no host to look at.`,
        fix: `Add the host to systems.${id}.hosts in firebreak.json (or the name to its aliases), or delete the alarm.`,
      }),
    );
  const unwatched = alerts
    .filter(
      ({ about, name }) =>
        about === 'host' && targeted.some(({ alert }) => alert === name) && runbooksOf(registry, id, name).length > 0,
    )
    .flatMap(({ name }) =>
      hosts
        .filter((host) => !targeted.some(({ alert, target }) => alert === name && target === host.name))
        .map(
          (host): Finding => ({
            severity: 'warning',
            area: 'alarms',
            check: 'host-unwatched',
            where: `the alert ${name} of ${id}`,
            what: `other hosts have an alarm for it, and ${host.name} has none.`,
            fix: `Make one called ${id}-${name}-${host.name}, with ${host.instanceId} as its dimension InstanceId.`,
          }),
        ),
    );
  return [...strange, ...unwatched];
}

function silent(read: readonly Read[], endpoint: string | undefined): Finding[] {
  const aws = awsCli(endpoint);
  return read.flatMap(({ alarm: { name, state, actionsEnabled, actions } }): Finding[] => [
    ...(state === 'INSUFFICIENT_DATA'
      ? [
          {
            severity: 'warning' as const,
            area: 'alarms' as const,
            check: 'alarm-without-data',
            where: name,
            what: 'it has no data, so it can not fire: its metric is not sent, or under other dimensions.',
            fix: 'Compare its dimensions with those that are sent. For an alarm of the stack, the CloudWatch agent needs the aggregation_dimensions of docs/cloudwatch-agent.json.',
            commands: [`${aws} cloudwatch describe-alarms --alarm-names ${name}`],
          },
        ]
      : []),
    ...(!actionsEnabled && actions.length > 0
      ? [
          {
            severity: 'note' as const,
            area: 'alarms' as const,
            check: 'actions-disabled',
            where: name,
            what: 'its actions are switched off. Firebreak hears of it from EventBridge all the same; whoever else was to be told is not.',
            fix: 'Switch them on, if that was not meant.',
            commands: [`${aws} cloudwatch enable-alarm-actions --alarm-names ${name}`],
          },
        ]
      : []),
  ]);
}

/** Firebreak's own say that Firebreak is ill: they go past it, straight to people. */
function own({ alarms = [], place }: Facts): Finding[] {
  const mine = alarms.filter(({ name }) => name.startsWith(`${place.prefix}-`));
  const { watchdogTopic, operatorsTopic } = names(place.prefix);
  // An alarm about one of the two topics goes to the other.
  const heard = (arn: string) => [watchdogTopic, operatorsTopic].some((topic) => arn.endsWith(`:${topic}`));
  const aws = awsCli(place.endpoint);
  const finding = (part: Omit<Finding, 'area' | 'severity'>): Finding => ({ severity: 'error', area: 'alarms', ...part });
  const beats = mine.some(({ metrics }) => metrics.includes(`${HEARTBEAT.namespace}/${HEARTBEAT.metric}`));
  return [
    ...(beats
      ? []
      : [
          finding({
            check: 'heartbeat-unwatched',
            where: `${HEARTBEAT.namespace}/${HEARTBEAT.metric}`,
            what: "no alarm watches the auditor's heartbeat, so nobody learns that Firebreak is dead.",
            fix: 'Deploy the stack, which brings the alarm.',
            commands: ['npm run deploy'],
          }),
        ]),
    ...mine
      .filter(({ actionsEnabled }) => !actionsEnabled)
      .map(({ name }) =>
        finding({
          check: 'own-actions-disabled',
          where: name,
          what: 'its actions are switched off, so nobody is told when it fires.',
          fix: 'Switch them on.',
          commands: [`${aws} cloudwatch enable-alarm-actions --alarm-names ${name}`],
        }),
      ),
    ...mine
      .filter(({ actions }) => !actions.some(heard))
      .map(({ name }) =>
        finding({
          check: 'own-alarm-unheard',
          where: name,
          what: `it goes neither to ${watchdogTopic} nor to ${operatorsTopic}, so nobody is told when it fires.`,
          fix: 'Deploy the stack, which sets its actions.',
          commands: ['npm run deploy'],
        }),
      ),
  ];
}

function runbooksOf({ runbooks }: Registry, system: string, alert: string): string[] {
  return runbooks
    .filter(({ id, triggers }) => id.startsWith(`${system}/`) && triggers.some((one) => one.alert === alert))
    .map(({ id }) => id);
}
