import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { count, lossAlarm, ofFunction } from './alarms.ts';
import type { DoorsProps } from './doors.ts';
import { ResponderFunction } from './responder-function.ts';
import { acknowledge } from './rules.ts';

/** People come one by one, and PagerDuty with a few events for each incident. Whoever tries tokens is slow with it for ages. */
const THROTTLE = { rateLimit: 20, burstLimit: 50 };

/** What is written of each request: the route is the same for all, because the path has the token in it. */
const ACCESS_LOG = {
  at: '$context.requestTime',
  request: '$context.requestId',
  from: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  status: '$context.status',
  error: '$context.integrationErrorMessage',
};

/** The public way in: an HTTP API in front of the one function that answers links in pages and PagerDuty's webhooks. */
export class Links extends Construct {
  /** Where it is found, without a stroke at its end. */
  readonly url: string;
  constructor(scope: Construct, id: string, { names, rightsOf, watchdog, ...setting }: DoorsProps) {
    super(scope, id);
    const rights = rightsOf(names.linksFunction);
    // API Gateway waits for 30 seconds at most.
    const answers = new ResponderFunction(this, 'links', { ...setting, entry: 'links', rights, timeout: Duration.seconds(29) });
    const api = new HttpApi(this, 'Api', {
      apiName: names.linksFunction,
      description: 'Links in pages, and webhooks of PagerDuty',
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Answer', answers.function),
    });
    this.url = api.apiEndpoint;
    // API Gateway may write to log groups that are called so without a policy that somebody has to keep.
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/${names.linksFunction}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    acknowledge(api, {
      'AwsSolutions-APIG4':
        'Whoever comes has a token of 256 random bits in the path, for one person and one action, or a signature of PagerDuty’s: the function checks both. A person who is woken at three in the morning logs in nowhere.',
    });
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm('links'),
      about: `A link in a page may not have done what it was for: ${names.linksFunction} broke, was throttled, or could not reach the table. The person was told to try again.`,
      counts: [...ofFunction(names.linksFunction), count('AWS/ApiGateway', '5xx', { ApiId: api.apiId })],
      to: watchdog,
    });
  }
}
