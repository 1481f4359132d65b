/** Where local mode listens if `PORT` does not say. */
const PORT = '4600';

/**
 * Points the SDK at local mode on this machine, by the SDK's own variables. Nobody checks the credentials there, and those of an
 * account must not be sent to it.
 */
export function pointAtLocalMode(environment: NodeJS.ProcessEnv): void {
  Object.assign(environment, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${environment.PORT ?? PORT}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  delete environment.AWS_SESSION_TOKEN;
  delete environment.AWS_PROFILE;
}
