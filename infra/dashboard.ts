import { Duration } from 'aws-cdk-lib';
import { CustomWidget, Dashboard, GraphWidget, type IWidget, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { HEARTBEAT } from '../runbooks/language/names.ts';
import { lossAlarm, ofFunction } from './alarms.ts';
import type { DoorsProps } from './doors.ts';
import { ResponderFunction } from './responder-function.ts';

/** A dashboard is 24 columns wide. */
const WHOLE = 24;
const HALF = 12;

/** What a person at the AWS console sees and presses: widgets that a function of its own draws, and graphs beside them. */
export class ResponderDashboard extends Construct {
  constructor(scope: Construct, id: string, { names, rightsOf, watchdog, ...setting }: DoorsProps) {
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
      start: '-P7D',
      widgets: [
        [custom('Open incidents', 'open', HALF, 9), custom('The worst of them', 'worst', HALF, 9)],
        [custom('Questions to a person', 'approvals', HALF, 7), custom('Runbooks', 'runbooks', HALF, 7)],
        graphs(names.prefix),
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

function graphs(prefix: string): IWidget[] {
  const beat = new Metric({
    namespace: HEARTBEAT.namespace,
    metricName: HEARTBEAT.metric,
    dimensionsMap: { [HEARTBEAT.dimension]: prefix },
    statistic: 'Sum',
    period: Duration.minutes(15),
    label: 'clean rounds of the auditor',
  });
  return [new GraphWidget({ title: 'Heartbeat', left: [beat], width: HALF, height: 6 })];
}
