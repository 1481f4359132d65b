import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../runbooks/language/deployment.ts';
import { names as namesOf } from '../runbooks/language/names.ts';
import { clusterManifest } from '../runbooks/language/rights/cluster-manifest.ts';
import { type ClusterIdentity, clusterIdentities } from '../runbooks/language/rights/cluster-roles.ts';
import type { Registry } from './registry.ts';

/** What a person applies to the cluster of a system, and the name of its file. */
export interface Manifest {
  system: string;
  file: string;
  text: string;
}

/** One for each system whose runbooks have cluster steps. */
export function clusterManifests({ systems, runbooks }: Registry, deployment: Deployment): Manifest[] {
  const { prefix } = deployment;
  const names = namesOf(prefix);
  return systems.flatMap(({ id }) => {
    const deployed = deployment.systems[id];
    if (!deployed?.settings.cluster) return [];
    const identities = clusterIdentities(names, id, runbooks, deployed.settings);
    if (identities.length === 0) return [];
    const given = deployed.given.has('cluster');
    const text = clusterManifest({ prefix, system: id, cluster: deployed.settings.cluster.name, given, identities });
    return [{ system: id, file: names.clusterManifest(id), text }];
  });
}

/** Who each runbook is in its cluster, by the name of its function. */
export function identitiesOf({ systems, runbooks }: Registry, deployment: Deployment): Map<string, ClusterIdentity> {
  const names = namesOf(deployment.prefix);
  const all = systems.flatMap(({ id }) => {
    const deployed = deployment.systems[id];
    return deployed ? clusterIdentities(names, id, runbooks, deployed.settings) : [];
  });
  return new Map(all.map((identity) => [names.stepFunction(identity.runbook), identity]));
}

/** Puts them beside the templates. @returns where each lies */
export function writeManifests(folder: string, manifests: readonly Manifest[]): string[] {
  return manifests.map(({ file, text }) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  });
}
