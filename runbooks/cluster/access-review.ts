import * as z from 'zod';
import type { Kind } from '../language/cluster.ts';

const Review = z.object({ status: z.object({ allowed: z.boolean() }) });

/** The question what somebody may do. It is created, and answered, and not kept: nothing is changed. */
export const accessReviews: Kind<z.output<typeof Review>> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  namespaced: false,
  object: Review,
};

/** What is asked about a member of a group. `*` asks for all. */
export interface AccessQuestion {
  verb: string;
  group: string;
  /** With its subresource: `pods/exec`. */
  resource: string;
  name?: string;
  /** Not said for what has none. */
  namespace?: string;
}

/** @param member the Kubernetes group */
export function accessReview(
  member: string,
  { verb, group, resource, name, namespace }: AccessQuestion,
): Record<string, unknown> {
  const [plural = '', subresource] = resource.split('/', 2);
  const resourceAttributes = {
    ...{ verb, group, resource: plural },
    ...(subresource !== undefined && { subresource }),
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
  };
  return { spec: { groups: [member, 'system:authenticated'], resourceAttributes } };
}

/** As a person says it: `patch deployments/saveit-backend`. */
export function spokenQuestion({ verb, group, resource, name }: AccessQuestion): string {
  return `${verb} ${resource}${name === undefined ? '' : `/${name}`}${group === '' ? '' : ` of ${group}`}`;
}
