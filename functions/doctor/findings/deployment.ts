import { commandsOf } from '../../../runbooks/language/commands-of.ts';
import { names } from '../../../runbooks/language/names.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Registry } from '../../surroundings.ts';
import { documentOf } from '../documents.ts';
import type { Facts } from '../facts.ts';
import { counted, type Finding, spoken } from '../finding.ts';

const DEPLOY = { fix: 'Deploy the stack.', commands: ['npm run deploy'] };

/** Whether there is anything of ours at all. Where there is not, it is one finding, and not one for each part. */
export function isDeployed({ configured, machines, place }: Pick<Facts, 'configured' | 'machines' | 'place'>): boolean {
  return configured !== null || (machines ?? []).some((name) => name.startsWith(`${place.prefix}-`));
}

/** Whether what this checkout would deploy is there. */
export function deployment(facts: Facts, registry: Registry): Finding[] {
  const { place } = facts;
  if (!isDeployed(facts)) {
    const what = `there is no Firebreak with the prefix ${place.prefix} here: neither its functions nor its state machines.`;
    const fix = 'Deploy the stack, or see that account, region and prefix are the right ones.';
    const where = [place.account, place.region].filter(Boolean).join(', ') || 'the account';
    return [{ severity: 'error', area: 'deployment', check: 'not-deployed', where, what, fix, commands: ['npm run deploy'] }];
  }
  return [
    ...configured(facts),
    ...placeholders(facts, registry),
    ...machines(facts, registry),
    ...documents(facts, registry),
    ...table(facts),
    ...(place.local ? [localMode(place.endpoint)] : []),
  ];
}

function finding(part: Omit<Finding, 'area'>): Finding {
  return { area: 'deployment', ...part };
}

function configured({ configured, given, place }: Facts): Finding[] {
  const where = names(place.prefix).intakeFunction;
  if (configured === null)
    return [
      finding({
        severity: 'error',
        check: 'function-missing',
        where,
        what: 'there is no such function, so no alarm is heard.',
        ...DEPLOY,
      }),
    ];
  if (!configured || place.local || configured.consoleUrl === given.consoleUrl) return [];
  const what = `is deployed with ${said(configured.consoleUrl)}, and firebreak.json has ${said(given.consoleUrl)}.`;
  return [finding({ severity: 'warning', check: 'not-as-given', where, what, ...DEPLOY })];
}

const said = (consoleUrl: string | undefined) => (consoleUrl === undefined ? 'no consoleUrl' : `the consoleUrl ${consoleUrl}`);

/** How the addresses of the two pages that the systems come from are written there. */
const PLACEHOLDER = /yourdomain\.com|\bsaveit\.ai\b|\.monitoring\.svc\b/;

/** A setting that nobody gave has the value of `system.ts`, which is nobody's host and nobody's address. */
function placeholders({ given, place }: Facts, { systems }: Registry): Finding[] {
  if (place.local) return [];
  return systems.flatMap(({ id }) => {
    const system = given.systems[id];
    const left = Object.entries(system?.settings ?? {}).filter(
      ([name, value]) =>
        !system?.given.has(name) &&
        ((name === 'hosts' && system?.settings.hosts.length !== 0) || PLACEHOLDER.test(JSON.stringify(value))),
    );
    if (left.length === 0) return [];
    const fields = spoken(left.map(([name]) => name));
    const what = `${fields} ${left.length === 1 ? 'is still a placeholder' : 'are still placeholders'} of system.ts, so runbooks look at what is not there, or pages lead there.`;
    const fix = `Put ${left.length === 1 ? 'it' : 'them'} into firebreak.json, under systems.${id}, and deploy; firebreak.example.json shows how.`;
    return [finding({ severity: 'error', check: 'placeholder', where: `systems.${id}`, what, fix })];
  });
}

function machines({ machines, place }: Facts, { runbooks }: Registry): Finding[] {
  if (!machines) return [];
  return runbooks
    .map(({ id }) => ({ id, machine: names(place.prefix).stateMachine(id) }))
    .filter(({ machine }) => !machines.includes(machine))
    .map(({ id, machine }) =>
      finding({
        severity: 'error',
        check: 'state-machine-missing',
        where: id,
        what: `there is no state machine ${machine}, so an alarm of this runbook can only page.`,
        ...DEPLOY,
      }),
    );
}

function documents({ documents, place }: Facts, registry: Registry): Finding[] {
  if (!documents) return [];
  const found = [...commandsOf(registry).values()].map((command) => ({
    command: command.name,
    ...documentOf(command, place.prefix, documents),
  }));
  const [missing, other] = (['missing', 'other'] as const).map((wanted) =>
    found.filter(({ state }) => state === wanted).map(({ command }) => command),
  );
  return [
    ...(missing?.length
      ? [
          finding({
            severity: 'error',
            check: 'document-missing',
            where: counted(missing.length, 'host command'),
            what: `${spoken(missing)} ${missing.length === 1 ? 'has' : 'have'} no document here, and can't be sent to a host.`,
            ...DEPLOY,
          }),
        ]
      : []),
    ...(other?.length
      ? [
          finding({
            severity: 'warning',
            check: 'document-differs',
            where: counted(other.length, 'host command'),
            what: `the scripts of ${spoken(other)} that are deployed are not those of this checkout.`,
            fix: 'Deploy, or check out what is deployed before you read on.',
            commands: ['npm run deploy'],
          }),
        ]
      : []),
  ];
}

function table({ table, place }: Facts): Finding[] {
  const where = names(place.prefix).table;
  if (table === null)
    return [
      finding({
        severity: 'error',
        check: 'table-missing',
        where,
        what: 'there is no such table, so no incident can be opened.',
        ...DEPLOY,
      }),
    ];
  if (!table || place.local) return [];
  const aws = awsCli(place.endpoint);
  return [
    ...(table.deletionProtection
      ? []
      : [
          finding({
            severity: 'warning',
            check: 'table-unprotected',
            where,
            what: 'can be deleted by mistake, and every incident with it.',
            fix: 'Turn its deletion protection on.',
            commands: [`${aws} dynamodb update-table --table-name ${where} --deletion-protection-enabled`],
          }),
        ]),
    ...(table.pointInTimeRecovery === false
      ? [
          finding({
            severity: 'warning',
            check: 'table-without-recovery',
            where,
            what: 'has no point-in-time recovery: what a mistake overwrites is lost.',
            fix: 'Turn it on.',
            commands: [
              `${aws} dynamodb update-continuous-backups --table-name ${where} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
            ],
          }),
        ]
      : []),
  ];
}

function localMode(endpoint: string | undefined): Finding {
  return finding({
    severity: 'note',
    check: 'local-mode',
    where: endpoint ?? 'local mode',
    what: 'this is local mode: no watchdog topic, no heartbeat alarm, no backups of the table. They were not looked for.',
    fix: 'Run the doctor against the account, too.',
  });
}
