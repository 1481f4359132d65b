import { Duration } from 'aws-cdk-lib';
import {
  CustomWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { DIMENSIONS, INCIDENT_METRICS, type MetricName, NAMESPACE, PAGE_METRICS } from '../runbooks/language/metrics.ts';
import { HEARTBEAT } from '../runbooks/language/names.ts';
import type { System } from '../runbooks/language/system.ts';
import { lossAlarm, ofFunction } from './alarms.ts';
import type { DoorsProps } from './doors.ts';
import { ResponderFunction } from './responder-function.ts';

/** A dashboard is 24 columns wide. */
const WHOLE = 24;
const HALF = 12;
const THIRD = 8;

export interface ResponderDashboardProps extends DoorsProps {
  systems: readonly System[];
}

/** What a person at the AWS console sees and presses: widgets that a function of its own draws, and graphs beside them. */
export class ResponderDashboard extends Construct {
  constructor(scope: Construct, id: string, { names, rightsOf, watchdog, systems, ...setting }: ResponderDashboardProps) {
    super(scope, id);
    const { function: draws } = new ResponderFunction(this, 'widgets', {
      ...setting,
      entry: 'widgets',
      rights: rightsOf(names.widgetsFunction),
      timeout: Duration.seconds(30),
    });
    const custom = (title: string, view: string, width: number, height: number): IWidget =>
      new CustomWidget({
        functionArn: draws.functionArn,
        title,
        width,
        height,
        params: { view },
        updateOnRefresh: true,
        updateOnResize: false,
        updateOnTimeRangeChange: false,
      });
    new Dashboard(this, 'Dashboard', {
      dashboardName: names.dashboard,
      start: '-P30D',
      widgets: [
        [custom('Open incidents', 'open', HALF, 9), custom('The worst of them', 'worst', HALF, 9)],
        [custom('Questions to a person', 'approvals', HALF, 7), custom('Runbooks', 'runbooks', HALF, 7)],
        ...graphs(names.prefix, systems),
        [new TextWidget({ markdown: ABOUT, width: WHOLE, height: 2 })],
      ],
    });
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm('widgets'),
      about: `What a person pressed on the dashboard ${names.dashboard} may not have been done: ${names.widgetsFunction} broke or was throttled. The person was told to look before they press again.`,
      counts: ofFunction(names.widgetsFunction),
      to: watchdog,
    });
  }
}

const ABOUT =
  'Times in the widgets are in UTC. A name that is typed here is written down as given, unverified; what is destructive is approved by a link in a page, or by the approve function. Three rounds of the auditor without a heartbeat are an alarm.';

/** How Firebreak itself does: the numbers of all systems, from the metrics that its functions write into their logs. */
function graphs(prefix: string, systems: readonly System[]): IWidget[][] {
  const graph = (title: string, left: IMetric[], more: Partial<GraphWidgetProps> = {}) =>
    new GraphWidget({ title, left, width: THIRD, height: 6, leftYAxis: { min: 0 }, ...more });
  const { opened, withoutPerson, resolved, automationFailed, timeToAcknowledge, timeToResolve } = INCIDENT_METRICS;
  const of = (metric: MetricName, { id, title }: System, statistic: string, more: Record<string, string> = {}) =>
    new Metric({
      namespace: NAMESPACE,
      metricName: metric.name,
      dimensionsMap: { [DIMENSIONS.deployment]: prefix, [DIMENSIONS.system]: id, ...more },
      statistic,
      period: Duration.days(1),
      label: more[DIMENSIONS.severity] ? `${title} ${more[DIMENSIONS.severity]}` : title,
    });
  const each = (metric: MetricName, statistic: string) => systems.map((system) => of(metric, system, statistic));
  const bySeverity = systems.flatMap((system) =>
    system.severities.map(({ name }) => of(opened, system, 'Sum', { [DIMENSIONS.severity]: name })),
  );
  // A recurrence within a day takes back what was counted as done by the automation: that is in the table only later.
  const share = systems.map(
    (system, n) =>
      new MathExpression({
        expression: `100 * (well${n} - FILL(back${n}, 0)) / all${n}`,
        usingMetrics: {
          [`well${n}`]: of(withoutPerson, system, 'Sum'),
          [`back${n}`]: of(automationFailed, system, 'Sum'),
          [`all${n}`]: of(resolved, system, 'Sum'),
        },
        label: system.title,
        period: Duration.days(1),
      }),
  );
  const seconds = { leftYAxis: { min: 0, label: 'seconds', showUnits: false } };
  return [
    [
      graph('Incidents a day, by severity', bySeverity, { stacked: true }),
      graph('Resolved without a person, in percent', share, { leftYAxis: { min: 0, max: 100, showUnits: false } }),
      graph('Pages sent a day', each(PAGE_METRICS.sent, 'Sum')),
    ],
    [
      graph('Time to acknowledge, the mean (MTTA)', each(timeToAcknowledge, 'Average'), seconds),
      graph('Time to resolve, the mean (MTTR)', each(timeToResolve, 'Average'), seconds),
      graph('Heartbeat: clean rounds of the auditor', [heartbeat(prefix)]),
    ],
  ];
}

const heartbeat = (prefix: string): IMetric =>
  new Metric({
    namespace: HEARTBEAT.namespace,
    metricName: HEARTBEAT.metric,
    dimensionsMap: { [HEARTBEAT.dimension]: prefix },
    statistic: 'Sum',
    period: Duration.minutes(15),
    label: 'rounds in a quarter of an hour',
  });
