import * as z from 'zod';
import { code, page, table, text } from '../../runbooks/language/markdown.ts';
import { names } from '../../runbooks/language/names.ts';
import { DOMAIN_EVENTS, type DomainEventKind, domainEventOf, SOURCE, schemaFile, VERSION } from '../incident/domain-event.ts';
import { opened } from '../incident/incident.ts';

/** The JSON Schema of an event's `detail`, as it is published. */
export function publishedSchema(kind: DomainEventKind): object {
  const { $schema, ...schema } = z.toJSONSchema(kind.schema, {
    // Fields may be added: whoever checks by it must let them pass.
    io: 'input',
    override: ({ jsonSchema }) => {
      // The format says it in one word.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return { $schema, $id: schemaFile(kind), title: kind.detailType, description: kind.about, ...schema };
}

/** An incident and what was told of it, as an example of the event. */
function example(): object {
  const by = { name: 'Ada Lovelace', kind: 'person' as const, verified: true };
  const incident = opened({
    id: '7Q2M9VXKT4B1',
    system: 'sira',
    alert: 'APIDown',
    target: '',
    runbook: 'sira/application-down',
    title: 'Application down',
    severity: 'P0',
    origin: 'signal',
    openedAt: '2026-11-27T03:14:20.000Z',
    openedBy: { name: 'cloudwatch', kind: 'monitoring', verified: false },
  });
  const at = '2026-11-27T03:16:02.000Z';
  const urlOf = (id: string) => `https://firebreak.example.com/incidents/${id}`;
  const taken = { ...incident, status: 'acknowledged' as const, resolvedAt: null, acknowledgedAt: at, acknowledgedBy: by };
  const told = { v: 1 as const, type: 'acknowledged' as const, at, key: 'acknowledged', by };
  const event = domainEventOf(names().prefix, taken, told, urlOf);
  if (!event) throw new Error('the bus tells nothing of the example');
  return { source: SOURCE, 'detail-type': event.detailType, detail: event.detail };
}

/** `docs/events.md`. */
export function eventsPage(): string {
  const rows = DOMAIN_EVENTS.map((kind) => [code(kind.detailType), text(kind.about), `[schema](events/${schemaFile(kind)})`]);
  return page([
    '# Domain events',
    '<!-- Made by "npm run docs" from functions/incident/domain-event.ts: change it there. -->',
    `For chat, tickets and status pages: what happens to an incident goes onto the EventBridge bus ${code(names().eventBus)} (the prefix is the deployment's), with the source ${code(SOURCE)}. A rule on that bus takes it from there; [Slack](integrations/slack.md) is the worked example.`,
    table(['detail-type', 'When', 'Its detail'], rows),
    '## What can be relied on',
    [
      `- **Versioned.** ${code('detail.version')} is ${VERSION}. Fields may be added to it; one that goes, or means something else, makes another version with another schema beside this one.`,
      `- **Told again under the same id.** An attempt that is repeated after a crash tells it once more: ${code('detail.id')} stays the same.`,
      '- **After the fact, best effort.** An event follows the write that it tells of, and no page waits for it. What the bus does not take is logged and counted (metric `EventsLost`, with an alarm). The incident in the table is what counts.',
      '- **In no order.** EventBridge promises none: go by `detail.at`.',
      `- **Safe to show.** ${code('detail.summary')} is one line of plain text without < and >. The other fields are as an alarm or a person said them.`,
      `- **Rehearsals are among them**, with ${code('detail.incident.origin')} ${code('rehearsal')}: leave them out by the rule's pattern.`,
    ].join('\n'),
    '## One of them',
    ['```json', JSON.stringify(example(), undefined, 2), '```'].join('\n'),
  ]);
}
