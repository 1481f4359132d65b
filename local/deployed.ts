import * as z from 'zod';
import { handlerOf } from '../functions/anatomy.ts';
import { approve } from '../functions/approve/approve.ts';
import { makeStricter, setMode } from '../functions/console/commands/set-mode.ts';
import { consoleCall } from '../functions/console/console-call.ts';
import { invoked } from '../functions/console/invoked.ts';
import { settingView } from '../functions/console/views/automation.ts';
import { LookEvent, look } from '../functions/escalate/look.ts';
import { ESCALATION_MACHINE } from '../functions/incident/ladder/machine.ts';
import { TABLE_SHAPE } from '../functions/incident/table.ts';
import { queueConsumer } from '../functions/intake/queue.ts';
import { runStep, StepEvent } from '../functions/run-step/run-step.ts';
import type { Registry, Surroundings } from '../functions/surroundings.ts';
import { widget } from '../functions/widgets/widget.ts';
import { documentContent, scriptOf } from '../runbooks/commands/document.ts';
import { commandsOf } from '../runbooks/language/commands-of.ts';
import { compile } from '../runbooks/language/compile.ts';
import { peopleIn, personId } from '../runbooks/language/contact.ts';
import type { Names } from '../runbooks/language/names.ts';
import { givenPeople } from '../runbooks/language/people.ts';
import { TELEPHONE_FILTER } from '../runbooks/language/quiet.ts';
import type { HostedSettings } from '../runbooks/language/system.ts';
import type { Clusters } from './aws/eks.ts';
import type { TopicSpec } from './aws/messaging/topics.ts';
import type { AwsOptions } from './aws/options.ts';
import type { WorkingClock } from './clocks.ts';
import { lambdaContext } from './lambda-context.ts';
import type { AlarmConfiguration } from './simulation/alarms.ts';
import type { HostFleet } from './simulation/fleet.ts';

export const REGION = 'us-east-1';

export interface DeployedParts {
  registry: Registry;
  clock: WorkingClock;
  names: Names;
  around: Surroundings;
  /** The settings of those that are here, by system. */
  systems?: Readonly<Record<string, HostedSettings>>;
  /** What the function of a runbook finds around it, where that is not the same for all: credentials of its own. */
  aroundOf?: (runbook: string) => Surroundings;
  fleet: HostFleet;
  alarms: AlarmConfiguration[];
  /** SSM parameters of the type SecureString, by name. */
  secrets?: Readonly<Record<string, string>>;
  /** What EKS has, by the cluster's name. */
  clusters?: Clusters;
  /** Nothing for a place that is kept in memory. */
  dataDir?: string;
  /** Stands around every invocation of a function, whose name it is given. */
  invocation: <T>(invocation: () => Promise<T>, of: string) => Promise<T>;
}

/** What the stack deploys, as local mode's AWS takes it: the same functions, state machines, documents and topics. */
export function deployed(parts: DeployedParts): AwsOptions {
  const {
    registry,
    clock,
    names,
    around,
    aroundOf = () => around,
    systems = {},
    fleet,
    alarms,
    secrets,
    clusters,
    dataDir,
    invocation,
  } = parts;
  const commands = commandsOf(registry);
  const documents = [...commands.values()].map(
    (command) => [names.document(command.name), { content: documentContent(command), script: scriptOf(command) }] as const,
  );
  const functions = new Map<string, (payload: unknown) => Promise<unknown>>(
    registry.runbooks.map(({ id }) => {
      const step = handlerOf('run-step', StepEvent, runStep(aroundOf(id)));
      return [names.stepFunction(id), (payload) => step(payload, lambdaContext(names.stepFunction(id)))];
    }),
  );
  const climbing = handlerOf('escalate', LookEvent, look(around));
  functions.set(names.escalateFunction, (payload) => climbing(payload, lambdaContext(names.escalateFunction)));
  for (const [name, door] of Object.entries(doors(around))) functions.set(name, (payload) => door(payload, lambdaContext(name)));
  const consumer = queueConsumer(around);
  const { prefix, account, region, defaultMode, consoleUrl, linksUrl } = around.config;
  // On AWS the settings lie beside the function's code. Here who asks must be told where the simulated systems are.
  const told = {
    prefix,
    account,
    region,
    defaultMode,
    consoleUrl,
    linksUrl,
    systems,
    people: Object.fromEntries(peopleOf(around)),
  };
  const environment = { FIREBREAK_CONFIG: JSON.stringify(told) };
  const prefixes = registry.systems.map(({ id }) => `${id}-`);
  return {
    clock,
    names,
    ...(dataDir !== undefined && { dataDir }),
    table: TABLE_SHAPE,
    region: REGION,
    fleet: fleetOf(fleet, clock),
    documents: new Map(documents),
    invoke: async (name, payload) => {
      const called = functions.get(name);
      if (!called) throw Object.assign(new Error(`Function not found: ${name}`), { name: 'ResourceNotFoundException' });
      return invocation(() => called(payload), name);
    },
    environments: new Map([...functions.keys(), names.intakeFunction, names.watchFunction].map((name) => [name, environment])),
    stateMachines: [
      ...registry.runbooks.map((runbook) => ({
        name: names.stateMachine(runbook.id),
        description: `${runbook.title}: ${runbook.symptom}`,
        definition: JSON.parse(JSON.stringify(compile(runbook)).replaceAll('${RunStep}', names.stepFunction(runbook.id))),
      })),
      {
        name: names.escalationMachine,
        description: ESCALATION_MACHINE.Comment,
        definition: JSON.parse(JSON.stringify(ESCALATION_MACHINE).replaceAll('${Escalate}', names.escalateFunction)),
      },
    ],
    topics: [
      {
        name: names.operatorsTopic,
        role: 'operators',
        subscriptions: [{ protocol: 'email', endpoint: 'operators@yourdomain.com' }],
      },
      ...registry.systems.flatMap(({ id }) => people(around, id)),
    ],
    alarms,
    ...(secrets && { secrets }),
    ...(clusters && { clusters }),
    queueConsumer: (event) => invocation(() => consumer(event, lambdaContext(names.intakeFunction)), names.intakeFunction),
    busRule: (event) =>
      event.source === 'aws.cloudwatch' &&
      prefixes.some((prefix) => JSON.stringify(event.detail).includes(`"alarmName":"${prefix}`)),
  };
}

/** A topic for each person of a system. The inbox shows for which role a page was: the first that they have. */
function people({ config, names }: Surroundings, system: string): TopicSpec[] {
  return peopleIn(config.staffOf(system)).map(({ contact: { name, email, sms }, roles: [role = ''] }) => ({
    name: names.contactTopic(system, personId(name)),
    role,
    subscriptions: [
      ...(email === undefined ? [] : [{ protocol: 'email', endpoint: email }]),
      ...(sms === undefined ? [] : [{ protocol: 'sms', endpoint: sms, filter: TELEPHONE_FILTER }]),
    ],
  }));
}

const peopleOf = ({ systems, config }: Surroundings) =>
  systems.map(({ id }) => {
    const [staff, businessHours] = [config.staffOf(id), config.businessHoursOf(id)];
    return [id, givenPeople({ staff, businessHours })] as const;
  });

/** The functions that a person invokes, as their handlers make them. */
function doors(around: Surroundings) {
  const { consoleFunction, approveFunction, modeFunction, promoteFunction, widgetsFunction } = around.names;
  return {
    [consoleFunction]: invoked('console', consoleCall(around)),
    [approveFunction]: invoked('approve', approve(around)),
    [modeFunction]: invoked('mode', async (given) => settingView(await makeStricter(around)(given))),
    [promoteFunction]: invoked('promote', async (given) => settingView(await setMode(around)(given))),
    [widgetsFunction]: handlerOf('widgets', z.unknown(), widget(around)),
  };
}

function fleetOf(fleet: HostFleet, clock: WorkingClock): HostFleet {
  return { instances: fleet.instances, run: (...script) => clock.during(fleet.run(...script)) };
}
