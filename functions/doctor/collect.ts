import { hostReadiness } from '../../runbooks/commands/host-readiness.ts';
import type { Deployment } from '../../runbooks/language/deployment.ts';
import { names } from '../../runbooks/language/names.ts';
import type { HostedSettings, System } from '../../runbooks/language/system.ts';
import { alarmsNamed } from '../aws/account/alarms.ts';
import { environmentOf, hasPointInTimeRecovery, stateMachineNames, tableFound } from '../aws/account/deployed.ts';
import { agentsOf, agentsTagged, documentNames } from '../aws/account/hosts.ts';
import type { Clients } from '../aws/clients.ts';
import { makeStore } from '../aws/table/store.ts';
import { configuration } from '../configuration.ts';
import { allScopes } from '../console/commands/set-mode.ts';
import { type ModeInForce, modesInForce } from '../console/views/automation.ts';
import { type Clock, iso } from '../incident/clock.ts';
import type { Registry } from '../surroundings.ts';
import { clusterFacts, identitiesIn } from './clusters.ts';
import { documentOf } from './documents.ts';
import type { ClusterFacts, Configured, Facts, Place, Readiness, SystemFacts } from './facts.ts';
import { impactOf } from './impact.ts';
import { Questions } from './questions.ts';
import { readinessOf } from './readiness.ts';
import { topicFacts } from './topics.ts';

export interface Asked {
  registry: Registry;
  given: Deployment;
  clients: Clients;
  clock: Clock;
  /** Of `AWS_ENDPOINT_URL`. */
  endpoint?: string | undefined;
  /** Whether hosts may be sent the one command that looks at what they have. */
  askHosts: boolean;
}

/** Looks at everything, and changes nothing: Describe, List, Get, and the look at hosts. Fails at nothing that can't be seen. */
export async function collect(asked: Asked): Promise<Facts> {
  const { registry, given, clients, endpoint } = asked;
  const questions = new Questions();
  const named = names(given.prefix);
  const told = configuredWith(asked, questions);
  const [configured, machines, documents, table, topics, alarms] = await Promise.all([
    told,
    questions.ask('states:ListStateMachines', 'which state machines there are', () => stateMachineNames(clients.machines)),
    questions.ask('ssm:ListDocuments', 'which documents there are', () => documentNames(clients.hosts)),
    tableFacts(asked, questions, named.table),
    told.then((configured) => topicFacts(asked, questions, configured)),
    alarmFacts(asked, questions),
  ]);
  const place = placeOf(given.prefix, configured, topics, endpoint);
  const systems = await Promise.all(
    registry.systems.map(async (system) => {
      const hosted = await systemFacts(asked, questions, system, documents);
      const cluster = await clusterOf(asked, questions, system, place.local);
      const impact = await impactOf(system, saidOf(given, system.id, configured), asked.clock);
      return [system.id, { ...hosted, cluster, impact }] as const;
    }),
  );
  return {
    now: iso(asked.clock.now()),
    place,
    given,
    configured,
    machines,
    documents,
    table,
    topics,
    alarms,
    systems: new Map(systems),
    modes: table && configured ? await modes(asked, questions, configured) : undefined,
    // In the order of the questions, whichever was answered first.
    unseen: questions.unseen.toSorted((a, b) => `${a.permission} ${a.question}`.localeCompare(`${b.permission} ${b.question}`)),
  };
}

function placeOf(prefix: string, configured: Facts['configured'], topics: Facts['topics'], endpoint: string | undefined): Place {
  const [, , , ofTopic, account] = topics?.find(({ arn }) => arn !== null)?.arn?.split(':') ?? [];
  const region = configured?.region ?? ofTopic;
  const found = configured?.account ?? account;
  return {
    prefix,
    ...(found && { account: found }),
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    // Only there do the console and the AWS APIs live at one address.
    local: endpoint !== undefined && originOf(configured?.consoleUrl) === originOf(endpoint),
  };
}

const originOf = (url: string | undefined) => (url !== undefined && URL.canParse(url) ? new URL(url).origin : '');

async function configuredWith({ registry, given, clients }: Asked, questions: Questions): Promise<Configured | null | undefined> {
  const name = names(given.prefix).intakeFunction;
  const environment = await questions.ask('lambda:GetFunctionConfiguration', `how ${name} is configured`, () =>
    environmentOf(clients.functions, name),
  );
  if (!environment) return environment;
  return await questions.ask('lambda:GetFunctionConfiguration', `what ${name} was given`, async () => {
    // The settings of systems lie beside the function's code, where nobody else reads them.
    const { file: _file, ...rest } = JSON.parse(environment.FIREBREAK_CONFIG ?? '{}');
    const config = configuration({ FIREBREAK_CONFIG: JSON.stringify(rest) }, registry.systems);
    const { account, region, defaultMode, consoleUrl } = config;
    const told = registry.systems.filter(({ id }) => rest.systems?.[id] !== undefined);
    const settings = new Map(told.map(({ id }) => [id, config.settingsOf(id)]));
    const staffed = registry.systems.filter(({ id }) => rest.people?.[id] !== undefined);
    const staff = new Map(staffed.map(({ id }) => [id, config.staffOf(id)]));
    return { account, region, defaultMode, ...(consoleUrl && { consoleUrl }), settings, staff };
  });
}

async function tableFacts({ clients: { tables } }: Asked, questions: Questions, name: string): Promise<Facts['table']> {
  const found = await questions.ask('dynamodb:DescribeTable', `the table ${name}`, () => tableFound(tables, name));
  if (!found) return found;
  const recovery = () => hasPointInTimeRecovery(tables, name);
  const pointInTimeRecovery = await questions.ask(
    'dynamodb:DescribeContinuousBackups',
    `whether ${name} can be brought back`,
    recovery,
  );
  return { ...found, pointInTimeRecovery };
}

async function alarmFacts({ registry, given, clients }: Asked, questions: Questions): Promise<Facts['alarms']> {
  const prefixes = [given.prefix, ...registry.systems.map(({ id }) => id)].map((id) => `${id}-`);
  const found = await questions.ask('cloudwatch:DescribeAlarms', 'which alarms there are', () =>
    Promise.all(prefixes.map((prefix) => alarmsNamed(clients.alarms, prefix))),
  );
  // Where one system's id begins like another's, an alarm is found twice.
  return found && [...new Map(found.flat().map((alarm) => [alarm.name, alarm])).values()];
}

async function systemFacts(
  asked: Asked,
  questions: Questions,
  system: System,
  documents: readonly string[] | undefined,
): Promise<SystemFacts> {
  const { given, clients } = asked;
  const settings = given.systems[system.id]?.settings ?? { hosts: [], hostTag: '=' };
  const { hosts, hostTag } = settings;
  const ids = hosts.map(({ instanceId }) => instanceId);
  const permission = 'ssm:DescribeInstanceInformation';
  const [tagged, known] = await Promise.all([
    questions.ask(permission, `which instances carry ${hostTag}`, () => agentsTagged(clients.hosts, hostTag)),
    questions.ask(permission, `the agents of the hosts of ${system.id}`, () => agentsOf(clients.hosts, ids)),
  ]);
  // What is not tagged is sent nothing: not by a runbook, and not by the doctor.
  const reachable = (tagged ?? []).filter(({ online, instanceId }) => online && ids.includes(instanceId));
  let readiness: ReadonlyMap<string, Readiness> = new Map();
  if (asked.askHosts && documents && reachable.length > 0) {
    const document = documentOf(hostReadiness, given.prefix, documents);
    if (document.state !== 'missing') {
      const targets = reachable.map(({ instanceId }) => instanceId);
      readiness = await readinessOf({
        ...asked,
        questions,
        document: document.name,
        needs: system.hostNeeds?.(settings),
        targets,
      });
    }
  }
  return { tagged, known, readiness };
}

/** What a system was told of itself: by the function, or by the file. Nothing where the addresses are placeholders. */
function saidOf({ systems }: Deployment, id: string, configured: Facts['configured']): HostedSettings | undefined {
  const deployed = systems[id];
  return configured?.settings?.get(id) ?? (deployed?.given.has('urls') ? deployed.settings : undefined);
}

/** A placeholder's cluster is nobody's: it is not looked for, but in local mode, whose own it is. */
async function clusterOf(
  { registry, given, clients }: Asked,
  questions: Questions,
  system: System,
  local: boolean,
): Promise<ClusterFacts | undefined> {
  const deployed = given.systems[system.id];
  if (!deployed) return undefined;
  const asked = { registry, clients, questions, prefix: given.prefix, system, settings: deployed.settings };
  if (deployed.given.has('cluster') || local) return await clusterFacts(asked);
  const none = { found: undefined, runbooks: [], objects: [], metrics: undefined };
  return identitiesIn(asked).length > 0 ? none : undefined;
}

async function modes(
  { registry, given, clients, clock }: Asked,
  questions: Questions,
  configured: Configured,
): Promise<readonly ModeInForce[] | undefined> {
  const store = makeStore(clients.table, names(given.prefix).table, () => []);
  const found = await questions.ask('dynamodb:BatchGetItem', 'which mode each runbook is in', () =>
    store.controls.modes(allScopes(registry)),
  );
  return found && modesInForce(registry.runbooks, found, configured.defaultMode, iso(clock.now()));
}
