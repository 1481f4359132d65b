import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import { Construct } from 'constructs';
import { clusterCommandsOf } from '../runbooks/language/commands-of.ts';
import type { Runbook } from '../runbooks/language/definition.ts';
import type { Deployment } from '../runbooks/language/deployment.ts';
import type { Names } from '../runbooks/language/names.ts';

/** The cluster that a runbook's steps go to. @returns `undefined` for one without such steps, and while only a placeholder names it */
export function clusterOf({ system, ...steps }: Runbook, { systems }: Deployment): string | undefined {
  const deployed = systems[system.id];
  if (clusterCommandsOf(steps).size === 0 || !deployed?.given.has('cluster')) return undefined;
  return deployed.settings.cluster?.name;
}

export interface ClusterAccessProps {
  runbook: Runbook;
  names: Names;
  cluster: string;
  /** The ARN of the role that the runbook's function has. */
  principal: string;
}

/**
 * Lets a runbook's function into its cluster, as a member of the runbook's own group and with no policy of EKS: what the group may
 * do there is in the manifest, which a person applies.
 */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, { runbook, names, cluster, principal }: ClusterAccessProps) {
    super(scope, id);
    new CfnAccessEntry(this, 'Entry', {
      clusterName: cluster,
      principalArn: principal,
      kubernetesGroups: [names.clusterGroup(runbook.id)],
      type: 'STANDARD',
    });
  }
}
