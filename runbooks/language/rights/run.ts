import { clusterCommandsOf, commandsOfRunbook } from '../commands-of.ts';
import type { Runbook } from '../definition.ts';
import {
  announces,
  climb,
  indexStatement,
  type Making,
  measure,
  pacing,
  page,
  READ,
  rights,
  tableStatement,
  WRITE,
} from './making.ts';
import type { Rights, Statement } from './statement.ts';

/** One runbook's function: what its own steps need, on its own system. */
export function step(making: Making, runbook: Runbook): Rights {
  const { keys, names, arn } = making;
  const { id: system } = runbook.system;
  const own = [keys.incidents, keys.claims(system), keys.lock(system), keys.breakers(system)];
  const modes = ['all', system, runbook.id, `storm:${system}`].map(keys.mode);
  const tag = making.hostTags[system];
  const sends = commandsOfRunbook(runbook).size > 0;
  const hostless = sends && tag === undefined ? ` It may reach no host, for none of ${system} is configured.` : '';
  return rights(making, names.stepFunction(runbook.id), `Carries out the steps of ${runbook.id}, and nothing else.${hostless}`, [
    tableStatement(
      making,
      'ReadTable',
      READ,
      [...own, ...modes, keys.maintenance(system)],
      `Reads the incident, and of ${system} the claims, the lock, the breakers and whether somebody works on it; the modes that hold for this runbook. An incident's partition does not name its system, so it may read any.`,
    ),
    tableStatement(
      making,
      'WriteTable',
      WRITE,
      [...own, keys.tokens, ...pacing(making, [runbook.system])],
      'Writes down each step before it is carried out, and makes the links in its pages. A mode is not among it: no runbook can let itself do more.',
    ),
    indexStatement(
      making,
      [keys.open, keys.waiting],
      'Finds the open incidents beside its own: one whose runbook explains it away, and those that came with it in a storm.',
    ),
    ...(sends && tag !== undefined ? hosts(making, runbook, tag) : []),
    ...(clusterCommandsOf(runbook).size > 0 ? cluster(making, runbook) : []),
    ...measure(making, [runbook.system]),
    {
      sid: 'AskAlarm',
      actions: ['cloudwatch:DescribeAlarms'],
      resources: ['*'],
      why: 'Asks an alarm at its source before an act, and before it resolves. CloudWatch checks this read against every alarm of the region, so it can not be limited to some.',
    },
    climb(making, 'Hands an incident to people at the end: that machine pages them, by the ladder of its system.'),
    {
      sid: 'AnswerItself',
      actions: ['states:SendTaskSuccess'],
      resources: [arn('states', `stateMachine:${names.stateMachine(runbook.id)}`)],
      why: 'Repeats a decision that was made before its own state began to wait for it.',
    },
    page(
      making,
      `Asks ${runbook.system.firstResponder} before an act, pages ${[runbook.escalate.to, ...runbook.escalate.others].join(' or ')} and whoever stands above them, tells who is told that it is over, and the operators where a topic takes no page.`,
      [runbook.system],
    ),
    announces(making),
  ]);
}

/** Run Command, for the commands of this runbook's steps, on the hosts of its system. */
function hosts({ names, arn, place }: Making, runbook: Runbook, hostTag: string): Statement[] {
  const commands = [...commandsOfRunbook(runbook).keys()].sort();
  const [tag = '', value = ''] = hostTag.split(/=(.*)/s, 2);
  return [
    {
      sid: 'SendDocuments',
      actions: ['ssm:SendCommand'],
      // A document's name ends in eight digits of its content: a run that waits across an upgrade sends the one it began with.
      resources: commands.map((command) => arn('ssm', `document/${names.pinnedDocument(command, '????????')}`)),
      why: 'Sends the commands of its own steps and no others. The eight question marks stand for the version of the script: a run that waits across an upgrade ends with the one it began with.',
    },
    {
      sid: 'SendToHosts',
      actions: ['ssm:SendCommand'],
      resources: [`arn:${place.partition}:ec2:${place.region}:${place.account}:instance/*`, arn('ssm', 'managed-instance/*')],
      conditions: { StringEquals: { [`ssm:resourceTag/${tag}`]: value } },
      why: `Only to hosts that carry the tag ${tag}=${value}: whoever may tag hosts says which they are, so they are not listed by id.`,
    },
    {
      sid: 'FollowCommands',
      actions: ['ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation', 'ssm:CancelCommand'],
      resources: ['*'],
      why: 'Resolves the tag to hosts, reads how its commands stand, and cancels one that is over its time. Systems Manager knows no resource for these three actions.',
    },
  ];
}

/** Where the cluster is. What may be done in it is the cluster's to say: the Role that is generated from the same steps. */
function cluster({ arn, clusters }: Making, { system }: Runbook): Statement[] {
  return [
    {
      sid: 'FindCluster',
      actions: ['eks:DescribeCluster'],
      resources: [arn('eks', `cluster/${clusters[system.id] ?? ''}`)],
      why: "Finds the cluster's API and its certificate authority. The token is a signed call that needs no right, and what it may do there is the Role of this runbook.",
    },
  ];
}

/** The schedules of a runbook start its state machine, and nothing else. */
export function schedules({ names, arn }: Making, runbook: Runbook): Rights {
  return {
    of: names.schedules(runbook.id),
    about: `The schedules of ${runbook.id}.`,
    statements: [
      {
        sid: 'StartRun',
        actions: ['states:StartExecution'],
        resources: [arn('states', `stateMachine:${names.stateMachine(runbook.id)}`)],
        why: 'Starts its own runbook at its times.',
      },
    ],
  };
}

/** A state machine calls its own runbook's function, in whichever version the run began with. */
export function machine({ names, arn }: Making, runbook: Runbook): Rights {
  const own = arn('lambda', `function:${names.stepFunction(runbook.id)}`);
  return {
    of: names.stateMachine(runbook.id),
    about: `The state machine of ${runbook.id}.`,
    statements: [
      {
        sid: 'CallSteps',
        actions: ['lambda:InvokeFunction'],
        resources: [`${own}:*`],
        why: 'Calls its own function, by version. All versions: a run that waits across an upgrade goes on with the code it began with.',
      },
    ],
  };
}
