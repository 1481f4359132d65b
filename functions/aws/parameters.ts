import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type CallWatcher, watched } from './watched.ts';

export const makeParameters = (watcher?: CallWatcher) => new Parameters(watched('ssm', new SSMClient({}), watcher));

/** Parameter Store. What it keeps as SecureString is decrypted on its way here, and must not be kept or logged. */
export class Parameters {
  private readonly client: SSMClient;
  constructor(client: SSMClient) {
    this.client = client;
  }

  /** @throws naming the parameter where there is none, or it may not be read */
  async secret(name: string): Promise<string> {
    try {
      const { Parameter } = await this.client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      if (Parameter?.Value) return Parameter.Value;
    } catch (error) {
      throw new Error(`the parameter ${name} can not be read: ${error instanceof Error ? error.name : String(error)}`);
    }
    throw new Error(`the parameter ${name} is empty`);
  }
}
