import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeConfig, KubernetesObjectApi, loadAllYaml, PatchStrategy } from '@kubernetes/client-node';

/** Any object of the API that a test makes. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

/** Server-side apply, as `kubectl apply --server-side` does it: what is there already becomes as it is said here. */
export async function apply(config: KubeConfig, manifests: readonly Manifest[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const manifest of manifests)
    await api.patch(manifest, undefined, undefined, 'firebreak-test', true, PatchStrategy.ServerSideApply);
}

/** The objects in the YAML files of a folder, in the order of the files' names. */
export function manifestsIn(folder: string): Manifest[] {
  const files = readdirSync(folder).sort();
  return files.flatMap((file) => loadAllYaml(readFileSync(join(folder, file), 'utf8')).filter(isManifest));
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value && 'metadata' in value;
}
