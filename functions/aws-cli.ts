/** What proposed commands begin with: `aws`, pointed where the program that proposes them has itself looked. */
export function awsCli(endpoint: string | undefined): string {
  return endpoint === undefined ? 'aws' : `aws --endpoint-url ${endpoint}`;
}
