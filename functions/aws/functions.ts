import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** A function of ours that answered with an error. */
export class FunctionFailed extends Error {
  override name = 'FunctionFailed';
}

export class Functions {
  private readonly client: LambdaClient;
  constructor(client: LambdaClient) {
    this.client = client;
  }

  /** Calls a function and waits for what it returns. @throws {FunctionFailed} with the function's own message */
  async call(name: string, payload: object): Promise<unknown> {
    const answer = await this.client.send(
      new InvokeCommand({ FunctionName: name, Payload: new TextEncoder().encode(JSON.stringify(payload)) }),
    );
    const text = answer.Payload ? new TextDecoder().decode(answer.Payload) : 'null';
    if (answer.FunctionError) throw new FunctionFailed(`${name}: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }
}
