import type { WorkingClock } from '../../../local/clocks.ts';
import { type Environment, environment } from './environment.ts';

export interface LambdaService {
  /** @throws {Error} named `ResourceNotFoundException` for a function that there is not, or as the function failed */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** The environment that signs with this access key. */
  signedBy(accessKeyId: string): Environment | undefined;
  /** From now on, each invocation has an environment of its own, as if all were cold; or they are used again. */
  alwaysCold(always: boolean): void;
  /** How many environments were ever begun. */
  begun(): number;
  close(): Promise<void>;
}

/**
 * Lambda: environments begin when none is free, and are used again. Each has an access key of its own, by which its calls are
 * known from others'; on AWS, too, that is who a function is.
 *
 * @param runtime the program that an environment runs
 * @param bundles where each function's bundle is
 */
export function lambdaService(
  runtime: string,
  bundles: ReadonlyMap<string, string>,
  clock: WorkingClock,
  variables: NodeJS.ProcessEnv,
): LambdaService {
  const free = new Map<string, Environment[]>();
  const all = new Map<string, Environment>();
  let cold = false;

  const begin = (functionName: string, bundle: string): Environment => {
    const key = `ENVIRONMENT${all.size + 1}`;
    const own = { AWS_ACCESS_KEY_ID: key, AWS_LAMBDA_FUNCTION_NAME: functionName, _HANDLER: `${functionName}.handler` };
    const begun = environment(runtime, bundle, clock, { ...variables, ...own });
    all.set(key, begun);
    return begun;
  };

  return {
    invoke: async (functionName, event) => {
      const bundle = bundles.get(functionName);
      if (bundle === undefined)
        throw Object.assign(new Error(`Function not found: ${functionName}`), { name: 'ResourceNotFoundException' });
      const waiting = (free.get(functionName) ?? []).filter((one) => one.alive());
      const one = waiting.pop() ?? begin(functionName, bundle);
      free.set(functionName, waiting);
      try {
        return await one.invoke(functionName, event);
      } finally {
        if (cold) await clock.during(one.kill());
        else free.get(functionName)?.push(one);
      }
    },
    signedBy: (accessKeyId) => all.get(accessKeyId),
    alwaysCold: (always) => {
      cold = always;
    },
    begun: () => all.size,
    close: async () => {
      await Promise.all([...all.values()].filter((one) => one.alive()).map((one) => one.kill()));
    },
  };
}
