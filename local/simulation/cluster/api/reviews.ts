import * as z from 'zod';
import { type Attributes, allowedBy } from '../access.ts';
import type { World } from '../fault.ts';
import { isRecord } from './patch.ts';
import { Problem } from './problem.ts';
import type { ApiRequest } from './request.ts';
import type { ApiAnswer } from './resources.ts';

const ACCESS = 'authorization.k8s.io';
const IDENTITY = 'authentication.k8s.io';

const Asked = z.looseObject({
  user: z.string().default(''),
  groups: z.array(z.string()).default([]),
  resourceAttributes: z
    .looseObject({
      namespace: z.string().default(''),
      verb: z.string().default(''),
      group: z.string().default(''),
      resource: z.string().default(''),
      subresource: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
});

/** A question about rights changes nothing, and is answered also where nothing may be changed. */
export const isReview = ({ path: [root, group] }: ApiRequest): boolean =>
  root === 'apis' && (group === ACCESS || group === IDENTITY);

/**
 * Who somebody is, and who may do what. Whoever asks is a person at this machine, who may do everything; a group may do what the
 * Roles allow that are bound to it. @param faultless whether no fault forbids the verb to everybody
 * @returns `undefined` where the path is no review's
 */
export function reviewed(world: World, request: ApiRequest, faultless: (verb: string) => boolean): ApiAnswer | undefined {
  const [root, group, , review, ...more] = request.path;
  if (root !== 'apis' || more.length > 0) return undefined;
  if (group === IDENTITY && review === 'selfsubjectreviews') {
    const status = { userInfo: { username: 'firebreak', groups: ['system:authenticated'] } };
    return { status: 201, body: { kind: 'SelfSubjectReview', apiVersion: `${IDENTITY}/v1`, metadata: {}, status } };
  }
  if (group !== ACCESS || (review !== 'selfsubjectaccessreviews' && review !== 'subjectaccessreviews')) return undefined;
  if (request.method !== 'POST')
    throw new Problem('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const own = review === 'selfsubjectaccessreviews';
  const spec = isRecord(request.body) && isRecord(request.body.spec) ? request.body.spec : {};
  const kind = own ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const status = answered(world, own, spec, faultless);
  return { status: 201, body: { kind, apiVersion: `${ACCESS}/v1`, metadata: {}, spec, status } };
}

function answered(world: World, own: boolean, spec: object, faultless: (verb: string) => boolean) {
  const asked = Asked.safeParse(spec);
  if (!asked.success) throw new Problem('BadRequest', z.prettifyError(asked.error));
  const { user, groups, resourceAttributes } = asked.data;
  if (!own && user === '' && groups.length === 0)
    throw new Problem(
      'Invalid',
      'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
    );
  // A path that is no resource's, such as /healthz, is the person's alone.
  if (!resourceAttributes) return { allowed: own };
  if (!faultless(resourceAttributes.verb)) return { allowed: false, reason: 'the fault saveit-api-forbids is on' };
  return own ? { allowed: true } : byRoles(world, groups, resourceAttributes);
}

function byRoles(world: World, groups: readonly string[], attributes: Attributes) {
  const binding = allowedBy(world.store, groups, attributes);
  return binding === undefined ? { allowed: false } : { allowed: true, reason: `RBAC: allowed by ${binding}` };
}
