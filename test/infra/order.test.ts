import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { synthesised } from './synthesised.ts';

const Resources = z.record(
  z.string(),
  z.looseObject({ Type: z.string(), DependsOn: z.union([z.string(), z.array(z.string())]).default([]) }),
);
const resources = Resources.parse(synthesised('example').template.toJSON().Resources);
/** What does something by itself as soon as it is there. */
const BEGINS = ['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Permission'];
/** Without one of these what begins would fail, and nobody might hear of it. */
const NEEDED = [
  'AWS::DynamoDB::Table',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SNS::Subscription',
  'AWS::StepFunctions::StateMachine',
  'AWS::Lambda::Version',
  'AWS::EKS::AccessEntry',
];

/** All that CloudFormation makes before it: by what it says that it depends on, and by what it refers to. */
function before(name: string, found = new Set<string>()): Set<string> {
  const resource = resources[name];
  for (const other of resource ? [resource.DependsOn, references(resource)].flat() : [])
    if (!found.has(other) && Object.hasOwn(resources, other)) before(other, found.add(other));
  return found;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    return key === 'Fn::GetAtt' && Array.isArray(inner) ? [String(inner[0])] : references(inner);
  });
}

const named = (holds: (type: string) => boolean) => Object.keys(resources).filter((name) => holds(resources[name]?.Type ?? ''));

describe('in a deployment', () => {
  const scheduled = named((type) => type === 'AWS::Events::Rule').filter((name) =>
    JSON.stringify(resources[name]).includes('"ScheduleExpression"'),
  );
  // Nobody has a link before a page was sent, and no page is sent before all is there.
  const begins = [...named((type) => BEGINS.includes(type)), ...scheduled].filter((name) => !name.startsWith('LinksApi'));
  // Signals come in by it, and nothing goes out.
  const needed = named((type) => NEEDED.includes(type)).filter((name) => !name.startsWith('Signals'));

  it('something begins, and needs something of each kind', () => {
    expect(begins.length).toBeGreaterThan(5);
    expect([...new Set(needed.map((name) => resources[name]?.Type))].sort()).toEqual([...NEEDED].sort());
  });

  it.each(begins)('%s begins when all is there', (name) => {
    const there = before(name);
    expect(needed.filter((one) => !there.has(one))).toEqual([]);
  });
});
