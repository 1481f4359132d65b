import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { VIEWS } from '../../functions/widgets/event.ts';
import { INCIDENT_METRICS, PAGE_METRICS } from '../../runbooks/language/metrics.ts';
import { HEARTBEAT } from '../../runbooks/language/names.ts';
import { registry } from '../../runbooks/registry.ts';
import { GIVEN, type Given, synthesised } from './synthesised.ts';

const Widget = z.looseObject({
  type: z.string(),
  width: z.number(),
  properties: z.looseObject({
    title: z.string().optional(),
    endpoint: z.string().optional(),
    params: z.record(z.string(), z.unknown()).optional(),
    updateOn: z.object({ refresh: z.boolean() }).loose().optional(),
    metrics: z.array(z.array(z.unknown())).optional(),
  }),
});
const Join = z.object({
  'Fn::Join': z.tuple([z.literal(''), z.array(z.union([z.string(), z.record(z.string(), z.unknown())]))]),
});

/** The dashboard of a deployment; what is known only when it is deployed stands in it as JSON. */
function dashboardOf(given: Given) {
  const [found, ...more] = Object.values(synthesised(given).template.findResources('AWS::CloudWatch::Dashboard'));
  expect(more).toEqual([]);
  const { DashboardName, DashboardBody } = z.object({ DashboardName: z.string(), DashboardBody: Join }).parse(found?.Properties);
  const text = DashboardBody['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join('');
  return { name: DashboardName, text, widgets: z.object({ widgets: z.array(Widget) }).parse(JSON.parse(text)).widgets };
}

describe('the dashboard', () => {
  it.each(Object.keys(GIVEN) as Given[])('is one, called as the deployment, given %s', (given) => {
    const { name, text } = dashboardOf(given);
    expect(name).toBe(synthesised(given).deployment.prefix);
    // CloudWatch takes less than a megabyte, and 500 widgets.
    expect(text.length).toBeLessThan(100_000);
  });

  it('has a widget for each view that stands by itself, drawn by one function, which does nothing by being drawn', () => {
    const custom = dashboardOf('example').widgets.filter(({ type }) => type === 'custom');
    expect(custom.map(({ properties: { params } }) => params)).toEqual(
      ['open', 'worst', 'approvals', 'runbooks'].map((view) => ({ view })),
    );
    for (const { properties } of custom) {
      expect(VIEWS).toContain(properties.params?.view);
      expect(properties.endpoint).toMatch(/^\{'Fn::GetAtt':\['Dashboardwidgets.*','Arn'\]\}$/);
      expect(properties.updateOn?.refresh).toBe(true);
    }
  });

  it('has graphs of what the functions count, for each system and severity', () => {
    const { widgets, text } = dashboardOf('example');
    const graphs = widgets.filter(({ type }) => type === 'metric').map(({ properties }) => properties.title ?? '');
    for (const wanted of [/severity/, /without a person/, /Pages/, /MTTA/, /MTTR/, /Heartbeat/])
      expect(graphs.filter((title) => wanted.test(title))).toHaveLength(1);
    const { opened, resolved, withoutPerson, automationFailed, timeToAcknowledge, timeToResolve } = INCIDENT_METRICS;
    for (const { name } of [resolved, withoutPerson, automationFailed, timeToAcknowledge, timeToResolve, PAGE_METRICS.sent])
      for (const { id } of registry.systems)
        expect(text).toContain(`["Firebreak","${name}","Deployment","firebreak","System","${id}"`);
    for (const { id, severities } of registry.systems)
      for (const { name } of severities)
        expect(text).toMatch(new RegExp(`"${opened.name}","Deployment","firebreak","Severity","${name}","System","${id}"`));
    expect(text).toContain(`"${HEARTBEAT.metric}","Deployment","firebreak"`);
  });

  it('fills its rows of 24 columns', () => {
    const { widgets } = dashboardOf('example');
    expect(widgets.reduce((sum, { width }) => sum + width, 0) % 24).toBe(0);
  });
});
