import { LOCAL_ACCOUNT } from '../runbooks/language/names.ts';

/** Of which account and region; local mode is none of AWS', and has no pages there. */
export interface AwsPlace {
  account: string;
  region: string;
}

/** Where a person sees an execution of a state machine. @returns null in local mode: a link would be dead */
export function executionUrl(place: AwsPlace, executionArn: string): string | null {
  return isLocal(place) ? null : page(place, 'states', `/v2/executions/details/${encodeURIComponent(executionArn)}`);
}

/** Where a person sees a CloudWatch dashboard. @returns null in local mode */
export function dashboardUrl(place: AwsPlace, name: string): string | null {
  return isLocal(place) ? null : page(place, 'cloudwatch', `dashboards/dashboard/${encodeURIComponent(name)}`);
}

/**
 * Where the story of an execution is told, for whoever finds it in Step Functions: it stands in the execution's input as `see`.
 * @returns its page; the dashboard and its id, where there is no console of one's own
 */
export function storyOf(
  { config, names }: { config: AwsPlace & { consoleUrl?: string | undefined }; names: { dashboard: string } },
  incidentId: string,
): string {
  if (config.consoleUrl) return `${config.consoleUrl}/incidents/${incidentId}`;
  const url = dashboardUrl(config, names.dashboard);
  return url ? `incident ${incidentId} on ${url}` : `incident ${incidentId}`;
}

const isLocal = ({ account }: AwsPlace) => account === LOCAL_ACCOUNT;

function page({ region }: AwsPlace, service: string, hash: string): string {
  return `https://${host(region)}/${service}/home?region=${region}#${hash}`;
}

/** China and GovCloud have consoles of their own. */
function host(region: string): string {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  return region.startsWith('us-gov-') ? `${region}.console.amazonaws-us-gov.com` : `${region}.console.aws.amazon.com`;
}
