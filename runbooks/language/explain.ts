import { actByHand, lookByHand, undoByHand } from './by-hand.ts';
import { type Act, budgetOf, type Look, type Runbook } from './definition.ts';
import { diagram } from './diagram.ts';
import { type Duration, seconds, spoken } from './duration.ts';
import { block, code, list, page, table, text } from './markdown.ts';
import { LOCAL_ACCOUNT, names } from './names.ts';
import { parameterRows } from './parameter-rows.ts';
import { clusterRightsTable } from './rights/cluster-rights-table.ts';
import { clusterIdentities } from './rights/cluster-roles.ts';
import { SAFETY, SAFETY_MEANS } from './safety.ts';
import { spokenSchedule } from './schedule.ts';
import type { Trigger } from './trigger.ts';
import { undoing } from './undoing.ts';

/**
 * The runbook's page in Markdown, for the engineer on call: what it does and when, and how to do the same by hand.
 * Pure; the same runbook gives the same page.
 */
export function explain(runbook: Runbook): string {
  return page([
    `# ${text(runbook.title)}`,
    `${text(runbook.system.title)} · ${code(runbook.id)} · owner: ${text(runbook.owner)}`,
    `<!-- Made by "npm run docs" from runbooks/${runbook.id}.ts: change it there. -->`,
    `**Symptom.** ${text(runbook.symptom)}`,
    ...triggers(runbook),
    ...safety(runbook),
    ...clusterRights(runbook),
    '## What happens',
    block('mermaid', diagram(runbook)),
    ...parameters(runbook),
    '## Step by step, and by hand',
    ...diagnosis(runbook),
    ...runbook.acts.flatMap((act, at) => actSection(runbook, act, at)),
    ...verification(runbook),
    ...person(runbook),
    ...listed('A task for a person', runbook.people),
    ...listed('So that it does not happen again', runbook.prevention),
    ...start(runbook),
    ...examples(runbook),
  ]);
}

function triggers(runbook: Runbook): string[] {
  const { triggers, schedules, system, clearsWithinSeconds } = runbook;
  const times = schedules.map(
    (schedule) =>
      `**By itself** ${spokenSchedule(schedule)} (${code(schedule.name)}, ${schedule.severity}): ${text(schedule.why.replace(/\.$/, ''))}.`,
  );
  const itself = times.length > 0 ? [list(times)] : [];
  if (triggers.length === 0)
    return ['## When it starts', ...itself, times.length > 0 ? 'Or when a person starts it.' : 'Only when a person starts it.'];
  const rows = triggers.map((trigger) => {
    const severity = system.severities.find(({ name }) => name === trigger.severity);
    const alert = system.alerts.find(({ name }) => name === trigger.alert);
    return [
      code(trigger.alert),
      text(interval(trigger, alert?.unit ?? '')),
      text(trigger.severity),
      responseOf(severity?.response),
    ];
  });
  return [
    '## When it starts',
    table(['Alert', 'Value', 'Severity', 'Acknowledged within'], rows),
    ...itself,
    `Or when a person starts it. Resolved means verified well, and the alarm clear at most ${length(clearsWithinSeconds)} later.`,
  ];
}

function interval({ value }: Trigger, unit: string): string {
  if (value === undefined) return 'any';
  if (value === 'none') return 'none given';
  const bounds = [value.above === undefined ? '' : `above ${value.above}`, value.upTo === undefined ? '' : `up to ${value.upTo}`];
  return `${bounds.filter(Boolean).join(' ')} (${unit})`;
}

function responseOf(response: Duration | 'next-business-day' | undefined): string {
  if (response === undefined) return '';
  return response === 'next-business-day' ? 'the next business day' : length(seconds(response));
}

function safety({ acts, safety }: Runbook): string[] {
  if (acts.length === 0) return ['## How safe it is', `**observe**: it only looks, and ${SAFETY_MEANS.observe}.`];
  const rows = SAFETY.map((one) => [one, acts.filter((act) => act.safety === one)] as const)
    .filter(([, acts]) => acts.length > 0)
    .map(([one, acts]) => [`**${one}**`, SAFETY_MEANS[one], acts.map((act) => text(act.title)).join(', ')]);
  return [
    '## How safe it is',
    `**${safety}**, the class of the act that could do most harm.`,
    table(['Class', 'It', 'Acts'], rows),
    'Before every act the gate asks: is there still a reason, are the facts fresh, does the alarm still fire, is a deployment under way, is the system’s lock free, is there budget left? An act goes to one ill host after the other, and stops at the first that is not well afterwards.',
  ];
}

/** With the objects' names as the system has them by default; configuration has the real ones. */
function clusterRights(runbook: Runbook): string[] {
  const { system } = runbook;
  const settings = system.settings.safeParse({});
  const [identity] = settings.success ? clusterIdentities(names(), system.id, [runbook], settings.data) : [];
  if (!identity) return [];
  return [
    '## What it may do in the cluster',
    `As the group ${code(identity.group)}, in the namespace ${code(identity.namespace)}; no more than its own steps need.`,
    clusterRightsTable(identity),
  ];
}

function parameters(runbook: Runbook): string[] {
  const rows = parameterRows(runbook.parameters).map((row) => [
    code(row.name),
    `${text(row.takes)}${row.pattern === '' ? '' : ` matching ${code(row.pattern)}`}`,
    row.standard === '' ? (row.required ? 'must be given' : '') : code(row.standard),
    text(row.description),
  ]);
  return ['## Parameters', rows.length > 0 ? table(['Name', 'Takes', 'If not given', 'What it is'], rows) : 'None.'];
}

function diagnosis(runbook: Runbook): string[] {
  return [
    '### Diagnose',
    `All at the same time${runbook.looks.some(({ kind }) => kind === 'host') ? ', on every host of the system' : ''}; nothing is changed. What fails is recorded, and the rest goes on.`,
    ...runbook.looks.flatMap((look) => lookSection(runbook, look, look.title)),
  ];
}

function lookSection(runbook: Runbook, look: Look, title: string): string[] {
  const fresh = look.freshSeconds === 60 ? '' : ` Its facts are good for ${length(look.freshSeconds)}.`;
  return [
    `- **${text(title)}**.${fresh}`,
    indented(typed(runbook, (parameters, settings) => lookByHand(look, parameters, settings))),
  ];
}

/** What a person types. Names and URLs are the system's placeholders; configuration has the real ones. */
function typed({ system, parameters }: Runbook, line: (parameters: unknown, settings: unknown) => string): string {
  const settings = system.settings.safeParse({});
  const given = parameters.safeParse({});
  if (!settings.success || !given.success) return '';
  return block('bash', line(given.data, settings.data));
}

function actSection(runbook: Runbook, act: Act, at: number): string[] {
  const budget = runbook.limits ?? budgetOf(runbook.system, act);
  return [
    `### ${at + 1}. ${text(act.title)}`,
    [
      `**${act.safety}**`,
      `at most ${budget.acts} in ${length(seconds(budget.per))} of ${code(act.command.verb ?? '')} on the same thing, whichever runbook did them`,
      undoing(act),
      ...(act.safety === 'destructive'
        ? [
            `asks ${act.approver === 'another' ? 'another person than the one who started it' : 'a person'}, who sees the list of what would go`,
          ]
        : []),
    ].join(' · '),
    typed(runbook, (parameters, settings) => actByHand(act, parameters, settings)),
    ...(act.undo ? ['To take it back:', typed(runbook, (_, settings) => undoByHand(act, settings))] : []),
  ];
}

function verification(runbook: Runbook): string[] {
  const { verify } = runbook;
  if (!verify) return [];
  return [
    `### Verify: ${text(verify.title)}`,
    `First ${length(verify.settleSeconds)} after the last act, then every ${length(verify.everySeconds)}: ${verify.times} good checks in a row, within ${length(verify.withinSeconds)}.`,
    ...verify.looks.flatMap((look) =>
      lookSection(runbook, look, look.kind === 'probe' ? 'Look from outside' : look.command.title),
    ),
  ];
}

function person({ system, escalate, supersedes }: Runbook): string[] {
  const titled = (name: string) => {
    const role = system.roles.find((one) => one.name === name);
    return `**${text(role?.title ?? name)}**${role ? ` (${text(role.email)})` : ''}`;
  };
  const others = escalate.others.map(titled).join(' or ');
  const explained = supersedes.map((name) => code(`${system.id}/${name}`)).join(', ');
  return [
    '## Who is paged',
    `Whatever is not proven well ends at a person, with all that was found: ${titled(escalate.to)}${others ? `; where the facts ask for it, ${others} instead` : ''}.`,
    supersedes.length > 0 ? `While it works, these wait: ${explained}.` : '',
  ];
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length > 0 ? [`## ${title}`, list(items.map(text))] : [];
}

function start(runbook: Runbook): string[] {
  const machine = names().stateMachine(runbook.id);
  const aws = (endpoint: string, arn: string, input: string) =>
    `aws ${endpoint}stepfunctions start-execution --state-machine-arn ${arn}:stateMachine:${machine} --input '${input}'`;
  const here = (input: string) =>
    aws('--endpoint-url http://127.0.0.1:4600 ', `arn:aws:states:us-east-1:${LOCAL_ACCOUNT}`, input);
  return [
    '## Start it by hand',
    block(
      'bash',
      ['# on AWS: your region and account', aws('', 'arn:aws:states:REGION:ACCOUNT', '{}'), '# in local mode', here('{}')].join(
        '\n',
      ),
    ),
    'A rehearsal looks at everything, says what it would do, and changes nothing:',
    block('bash', here('{"dryRun":true}')),
    `The input may also have ${['parameters', 'reason', 'requestedBy', 'incidentId'].map(code).join(', ')}.`,
    ...(runbook.acts.length > 0
      ? [
          `With a ${code('reason')} it may go over a guard of the gate, for that run alone: ${code('"override":["breaker"]')} over a budget that is used up, ${code('"override":["deployment"]')} where something is being deployed.`,
        ]
      : []),
  ];
}

const ENDS = { resolved: 'resolved', escalated: 'at a person', succeeded: 'a success' };

function examples({ examples }: Runbook): string[] {
  const rows = examples.map((example) => [
    text(example.name),
    example.faults.map(code).join(', ') || 'nothing is wrong',
    startedBy(example),
    [
      ...example.acts.map(text),
      ...(example.answers ? [`(a person says ${example.answers === 'approve' ? 'yes' : 'no'})`] : []),
    ].join(', then ') || 'nothing',
    `${ENDS[example.ends]}${example.pages > 0 ? `, ${example.pages === 1 ? 'one page' : `${example.pages} pages`}` : ''}`,
  ]);
  if (rows.length === 0) return [];
  return [
    '## What happens when…',
    'Each of these is played by the test suite.',
    table(['Case', 'Fault', 'Started by', 'It does', 'Ends'], rows),
  ];
}

function startedBy({ alert, schedule }: Runbook['examples'][number]): string {
  if (alert) return `${code(alert.name)}${alert.value === undefined ? '' : ` at ${alert.value}`}`;
  return schedule === undefined ? 'a person' : `its schedule ${code(schedule)}`;
}

const length = (wholeSeconds: number) => spoken(wholeSeconds * 1_000);

/** Belongs to the list item above it. */
function indented(markdown: string): string {
  return markdown.replace(/^/gm, '  ');
}
