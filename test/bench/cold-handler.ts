/**
 * Runs in a process of its own: what a function pays when Lambda starts it anew. Prints the milliseconds until its modules
 * are there, and until its first invocation has had an answer of DynamoDB.
 */
const began = performance.now();
const { handler } = await import('../../functions/run-step/handler.ts');
const { lambdaContext } = await import('../../local/lambda-context.ts');
const imported = performance.now() - began;
// There is no such incident: to find that out is one call.
const event = {
  kind: 'look',
  runbook: 'sira/disk-space-low',
  step: 'disk',
  execution: 'arn',
  executionName: 'cold-1',
  state: { incidentId: 'COLD', run: 1, pass: 1 },
} as const;
const refusal = await Promise.resolve(handler(event, lambdaContext('cold'))).then(
  () => 'none',
  (error: unknown) => String(error),
);
const answered = performance.now() - began;
console.log(JSON.stringify({ imported, answered, refusal }));

export {};
