import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type CallWatcher, watched } from './watched.ts';

/** A function of ours that answered with an error. */
export class FunctionFailed extends Error {
  override name = 'FunctionFailed';
}

export const makeFunctions = (watcher?: CallWatcher) => new Functions(watched('lambda', new LambdaClient({}), watcher));

export class Functions {
  private readonly client: LambdaClient;
  constructor(client: LambdaClient) {
    this.client = client;
  }

  /**
   * Calls a function and waits for what it returns.
   * @param withinMs after so many milliseconds nobody waits any longer: the function itself goes on
   * @throws {FunctionFailed} with the function's own message
   * @throws {DOMException} when it did not answer in time
   */
  async call(name: string, payload: object, withinMs?: number): Promise<unknown> {
    const answer = await this.client.send(
      new InvokeCommand({ FunctionName: name, Payload: new TextEncoder().encode(JSON.stringify(payload)) }),
      withinMs === undefined ? {} : { abortSignal: AbortSignal.timeout(withinMs) },
    );
    const text = answer.Payload ? new TextDecoder().decode(answer.Payload) : 'null';
    if (answer.FunctionError) throw new FunctionFailed(`${name}: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }
}
