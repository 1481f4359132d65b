import { registry } from '../runbooks/registry.ts';
import { clusterManifests } from './cluster-manifests.ts';
import { readDeployment } from './config.ts';

// Prints what `kubectl apply -f -` takes, without synthesising anything: of the system that is named, or of every one.
const [wanted] = process.argv.slice(2);
const manifests = clusterManifests(registry, readDeployment(registry.systems));
const found = manifests.filter(({ system }) => wanted === undefined || system === wanted);
if (found.length > 0) process.stdout.write(found.map(({ text }) => text).join('---\n'));
else {
  const known = manifests.map(({ system }) => system).join(', ');
  console.error(known ? `expected one of ${known}, got ${wanted}` : 'no system has runbooks with cluster steps');
  process.exitCode = 1;
}
