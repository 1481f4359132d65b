import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { makeClients } from '../../../functions/aws/clients.ts';
import { collect } from '../../../functions/doctor/collect.ts';
import { examine } from '../../../functions/doctor/examine.ts';
import { leapingClock } from '../../../local/clocks.ts';
import { deployment } from '../../../runbooks/language/deployment.ts';
import { GIVEN, registry } from './well.ts';

/** The doctor, sent to an AWS that answers every call alike. */
async function doctor(endpoint: string) {
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  const given = deployment(GIVEN, registry.systems);
  const asked = { registry, given, clients: makeClients(), clock: leapingClock(), endpoint, askHosts: true };
  const findings = examine(await collect(asked), registry);
  delete process.env.AWS_MAX_ATTEMPTS;
  return findings;
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** As each protocol refuses: JSON, REST and JSON, and the query protocol's XML. */
function denied(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const message = 'User: arn:aws:iam::123456789012:user/ada is not authorized to perform this';
  if (request.headers['x-amz-target'] !== undefined) {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    return void response.end(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
  }
  if (request.url?.startsWith('/2015-03-31/')) {
    response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' });
    return void response.end(JSON.stringify({ Message: message }));
  }
  const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${message}</Message></Error>`;
  response.writeHead(403, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}<RequestId>r</RequestId></ErrorResponse>`,
  );
}

test('who may ask nothing is told what to be allowed, and never that all is well', async () => {
  const [finding, ...more] = await doctor(await serve(denied));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    severity: 'error',
    check: 'unseen-denied',
    what: expect.stringContaining('user/ada is not authorized'),
  });
  for (const permission of [
    'sns:ListTopics',
    'lambda:GetFunctionConfiguration',
    'ssm:DescribeInstanceInformation',
    'dynamodb:DescribeTable',
  ])
    expect(finding?.fix).toContain(permission);
});

test('where nothing answers, that is the one finding', async () => {
  const found = await doctor('http://127.0.0.1:1');
  expect(found).toMatchObject([
    { severity: 'error', check: 'unseen-unreachable', fix: expect.stringContaining('AWS_ENDPOINT_URL') },
  ]);
});

test('an answer that is no answer of AWS ends nothing', async () => {
  const url = await serve((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please log in</h1>');
  });
  const found = await doctor(url);
  expect(found.some(({ severity }) => severity === 'error')).toBe(true);
});
