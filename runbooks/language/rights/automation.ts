import { HEARTBEAT } from '../names.ts';
import {
  announces,
  answer,
  climb,
  indexStatement,
  type Making,
  measure,
  pacing,
  page,
  READ,
  rights,
  start,
  tableStatement,
  tickets,
  WRITE,
} from './making.ts';
import type { Rights } from './statement.ts';

export function intake(making: Making): Rights {
  const { names, keys, arn, systems } = making;
  const claims = systems.map(({ id }) => keys.claims(id));
  const locks = systems.map(({ id }) => keys.lock(id));
  const storms = systems.flatMap(({ id }) => [keys.breakers(id), keys.mode(`storm:${id}`)]);
  const maintenances = systems.map(({ id }) => keys.maintenance(id));
  return rights(
    making,
    names.intakeFunction,
    'Takes signals from the queue, opens incidents and starts their runbooks. It has no right on any host.',
    [
      {
        sid: 'TakeSignals',
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [arn('sqs', names.signalsQueue)],
        why: 'Lambda receives the messages for it, and deletes those that were handled.',
      },
      tableStatement(
        making,
        'ReadTable',
        READ,
        [keys.incidents, ...claims, ...storms, ...maintenances],
        'Reads claims and the incidents that they stand for; what an incident has so far, for its page; how many the system has had; whether somebody works on it.',
      ),
      indexStatement(
        making,
        [keys.open, keys.past, keys.waiting],
        'Finds the open incidents of the system, which a new one is told of, and they of it; and, where it has to page itself, earlier ones like it.',
      ),
      tableStatement(
        making,
        'WriteTable',
        WRITE,
        [keys.incidents, keys.tokens, ...pacing(making, systems), ...claims, ...locks, ...storms],
        'Claims dedup keys, writes incidents, and lets go of the lock of a run that it could not start. Counts what opens, and sets the mode of a storm, which can only make runbooks stricter. Makes the links in its pages.',
      ),
      start(making, 'Starts the runbook that answers to a signal.'),
      climb(making, 'Begins the ladder of an incident. Should Step Functions not take that, it pages from here.'),
      ...measure(making, systems),
      page(making, 'Pages for an alert that no runbook answers to, and the operators for a signal that nobody understands.'),
      announces(making),
    ],
  );
}

export function watch(making: Making): Rights {
  const { names, keys, arn, systems, runbooks } = making;
  const claims = systems.map(({ id }) => keys.claims(id));
  const locks = systems.map(({ id }) => keys.lock(id));
  const own = [keys.incidents, ...claims, ...locks];
  const storms = systems.map(({ id }) => keys.mode(`storm:${id}`));
  const maintenances = systems.map(({ id }) => keys.maintenance(id));
  return rights(
    making,
    names.watchFunction,
    'The auditor: proves that what was due has happened, and does what is missing. It can send no command: an undo is paid by the runbook that owes it.',
    [
      tableStatement(
        making,
        'ReadTable',
        READ,
        [...own, ...storms, ...maintenances],
        'Reads every incident, claim and lock, and whether a system is in a storm or worked on.',
      ),
      indexStatement(
        making,
        [keys.open, keys.opening, keys.held, keys.aside, keys.debts, keys.past, keys.waiting, keys.reviews],
        'Finds what is open: incidents, claims, undos that are owed, and reviews that are due; and earlier incidents like one that is paged for.',
      ),
      tableStatement(
        making,
        'WriteTable',
        WRITE,
        [...own, keys.tokens, ...pacing(making, systems)],
        'Completes, releases and escalates what was left behind. Makes the links in its pages.',
      ),
      start(making, 'Starts a run that was written down and that nobody started.'),
      climb(making, 'Has a ladder climbed again, where nothing waits for its next page.'),
      ...tickets(making),
      ...measure(making, systems),
      {
        sid: 'AskExecutions',
        actions: ['states:DescribeExecution'],
        resources: [...runbooks.map(({ id }) => names.stateMachine(id)), names.escalationMachine].map((machine) =>
          arn('states', `execution:${machine}:*`),
        ),
        why: "Asks whether a run still runs, and whether a ladder is climbed. All executions of Firebreak's own state machines: their names are their incidents'.",
      },
      answer(making, 'Repeats a decision that was recorded and whose message got lost.'),
      {
        sid: 'PayDebts',
        actions: ['lambda:InvokeFunction'],
        resources: runbooks.map(({ id }) => arn('lambda', `function:${names.stepFunction(id)}`)),
        why: "An undo that is owed is paid by its own runbook's function, with that runbook's rights.",
      },
      {
        sid: 'CancelCommands',
        actions: ['ssm:CancelCommand'],
        resources: ['*'],
        why: 'Cancels what a run that is lost left running on a host. Systems Manager knows no resource for this action; it can end a command and begin none.',
      },
      {
        sid: 'AskAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: ['*'],
        why: "Asks whether an open incident's alarm still has data. CloudWatch checks this read against every alarm of the region, so it can not be limited to some.",
      },
      {
        sid: 'AskSubscriptions',
        actions: ['sns:ListSubscriptionsByTopic'],
        resources: systems.map(({ id }) => arn('sns', names.contactTopic(id, '*'))),
        why: 'Asks whether anybody has confirmed to get the pages that were sent to a person: a topic takes them in any case.',
      },
      {
        sid: 'AskDeadLetters',
        actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
        resources: [arn('sqs', names.deadLetters)],
        why: 'Reads how many signals could not be handled, and none of them: the operators hear of each that comes to the others.',
      },
      {
        sid: 'Heartbeat',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': HEARTBEAT.namespace } },
        why: 'Says that a round was clean. A metric is no resource; the condition limits it to one namespace.',
      },
      page(making, 'Sends pages that were due, and pages for runs that died.'),
      announces(making),
    ],
  );
}
