import { violations } from './arrows.ts';

const found = await violations(process.cwd());
for (const { rule, from, to } of found) console.error(`${rule}: ${from} -> ${to}`);
process.exitCode = found.length > 0 ? 1 : 0;
