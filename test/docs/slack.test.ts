import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { announce } from '../../functions/events/announce.ts';
import { automation } from '../../functions/incident/actor.ts';
import { DOMAIN_EVENTS } from '../../functions/incident/domain-event.ts';
import { opened } from '../../functions/incident/incident.ts';
import type { BusEvent } from '../../local/aws/monitoring/bus.ts';
import { console } from '../functions/console/console.ts';

const Target = z.object({
  Arn: z.unknown(),
  InputTransformer: z.object({ InputPathsMap: z.record(z.string(), z.string()), InputTemplate: z.string() }),
});
const Template = z.object({
  Resources: z.object({
    Rule: z.object({
      Properties: z.object({ EventPattern: z.record(z.string(), z.unknown()), Targets: z.tuple([Target]) }),
    }),
  }),
});
const template = Template.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/integrations/slack.json'), 'utf8')),
);
const { EventPattern: pattern, Targets } = template.Resources.Rule.Properties;
const [{ InputTransformer: transformer }] = Targets;

/** What an incoming webhook takes: text, or blocks, and it says "invalid_payload" to what it does not know. */
const Payload = z.strictObject({ text: z.string().min(1).max(40_000) });

const AnythingBut = z.strictObject({ 'anything-but': z.array(z.string()) });

/** As EventBridge matches: a list is one of these, an object looks deeper, and what the pattern does not name may be anything. */
function matches(wanted: unknown, given: unknown): boolean {
  if (Array.isArray(wanted))
    return wanted.some((one) => {
      const but = AnythingBut.safeParse(one);
      return but.success ? typeof given === 'string' && !but.data['anything-but'].includes(given) : one === given;
    });
  const [deeper, into] = [z.record(z.string(), z.unknown()).parse(wanted), z.record(z.string(), z.unknown()).safeParse(given)];
  return into.success && Object.entries(deeper).every(([name, value]) => matches(value, into.data[name]));
}

/** As EventBridge transforms: a variable that stands without quotes is written as JSON. */
function transformed(event: BusEvent): string {
  const at = (path: string) =>
    path
      .replace(/^\$\./, '')
      .split('.')
      .reduce<unknown>((value, name) => z.record(z.string(), z.unknown()).parse(value)[name], event);
  return transformer.InputTemplate.replace(/<(\w+)>/g, (_, name) => JSON.stringify(at(transformer.InputPathsMap[name] ?? '')));
}

/** Stands in for Slack. */
async function slack() {
  const messages: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const read = Payload.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    if (!read.success) return void response.writeHead(400).end('invalid_payload');
    messages.push(read.data.text);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { messages, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/x` };
}

test('what happens to an incident becomes messages that Slack takes, in the words of the event', async () => {
  const system = await console();
  const id = await system.untilItAsks();
  await system.post(`/api/incidents/${id}/acknowledge`, { by: 'Ada "the first" <!channel>' });
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada', reason: 'mended\nby hand' });
  const { messages, url } = await slack();
  for (const event of system.aws.domainEvents().filter((one) => matches(pattern, one))) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: transformed(event),
    });
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
  }
  const where = `${system.url}/incidents/${id}`;
  expect(messages.at(0)).toMatch(new RegExp(`^P1 sira: .*: opened ${where}$`));
  expect(messages).toContainEqual(expect.stringContaining('acknowledged by Ada "the first" ‹!channel›'));
  expect(messages.at(-1)).toMatch(new RegExp(`: resolved: mended by hand ${where}$`));
  expect(messages.join()).not.toMatch(/[<>]/);
});

test('a rehearsal, each run and each page stay out of the channel; every name in the pattern is one of the bus', async () => {
  const names = z.array(z.string()).parse(pattern['detail-type']);
  const known = DOMAIN_EVENTS.map(({ detailType }) => detailType);
  expect(known).toEqual(expect.arrayContaining(names));
  expect(known.filter((name) => !names.includes(name))).toEqual(['Run Started', 'Page Sent']);
  const system = await console();
  const openedAt = '2026-10-04T12:00:00.000Z';
  const about = {
    system: 'sira',
    alert: '',
    target: '',
    runbook: null,
    title: 'A rehearsal',
    severity: 'P3',
    openedAt,
    openedBy: automation,
  };
  const rehearsal = opened({ id: '7Q2M9VXKT4B1', ...about, origin: 'rehearsal' });
  await announce(system.around, rehearsal, { v: 1, type: 'closed', at: openedAt, key: 'closed', by: automation, how: 'over' });
  await announce(
    system.around,
    { ...rehearsal, origin: 'declared' },
    { v: 1, type: 'closed', at: openedAt, key: 'closed', by: automation, how: 'over' },
  );
  expect(system.aws.domainEvents().map((event) => matches(pattern, event))).toEqual([false, true]);
});
