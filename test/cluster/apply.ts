import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpMethod, type KubeConfig, KubernetesObjectApi, loadYaml, PatchStrategy } from '@kubernetes/client-node';

/** Any object of the API that a test makes, as its YAML has it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

const QUERY = { fieldManager: 'firebreak-test', force: 'true' };

/** Server-side apply, as `kubectl apply --server-side` does it: what is there already becomes as it is said here. */
export async function apply(config: KubeConfig, manifests: readonly Manifest[]): Promise<void> {
  const api = config.makeApiClient(Applying);
  // JSON is YAML.
  for (const manifest of manifests) await api.apply(manifest, JSON.stringify(manifest));
}

/** The same with the YAML files of a folder, of one object each. */
export async function applyFiles(config: KubeConfig, folder: string): Promise<void> {
  const api = config.makeApiClient(Applying);
  for (const file of readdirSync(folder).sort()) {
    const yaml = readFileSync(join(folder, file), 'utf8');
    await api.apply(loadYaml<Manifest>(yaml), yaml);
  }
}

/** The official client finds the path; the object goes as it is, since the client drops fields that it knows by other names. */
class Applying extends KubernetesObjectApi {
  async apply(manifest: Manifest, yaml: string): Promise<void> {
    const path = await this.specUriPath(manifest, 'patch');
    const context = this.configuration.baseServer.makeRequestContext(path, HttpMethod.PATCH);
    for (const [name, value] of Object.entries(QUERY)) context.setQueryParam(name, value);
    context.setHeaderParam('Content-Type', PatchStrategy.ServerSideApply);
    context.setHeaderParam('Accept', 'application/json');
    context.setBody(yaml);
    await this.configuration.authMethods.default?.applySecurityAuthentication(context);
    const answer = await this.configuration.httpApi.send(context).toPromise();
    if (answer.httpStatusCode < 300) return;
    const { kind, metadata } = manifest;
    throw new Error(`apply ${kind} ${metadata.name}: ${answer.httpStatusCode} ${await answer.body.text()}`);
  }
}
