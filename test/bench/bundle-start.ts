/**
 * Runs in a process of its own: `node bundle-start.ts <bundle>`. Prints the milliseconds until the bundle is loaded, as Lambda
 * does before the first event: of its import alone, and from the start of the process.
 */
const [bundle = ''] = process.argv.slice(2);
const began = performance.now();
const { handler } = await import(bundle);
const ended = performance.now();
if (typeof handler !== 'function') throw new Error(`${bundle} has no handler`);
console.log(JSON.stringify({ imported: ended - began, started: ended }));
process.exit(0);

export {};
