import * as z from 'zod';
import { KubeObject } from './objects.ts';

/** What a Role allows; without names, on every object of the resource. */
export const PolicyRule = z.looseObject({
  apiGroups: z.array(z.string()).default([]),
  resources: z.array(z.string()).default([]),
  resourceNames: z.array(z.string()).default([]),
  verbs: z.array(z.string()),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** A Role, or a ClusterRole. */
export const Role = KubeObject.extend({ rules: z.array(PolicyRule).nullish() });

/** A RoleBinding, or a ClusterRoleBinding. */
export const Binding = KubeObject.extend({
  roleRef: z.looseObject({ kind: z.enum(['Role', 'ClusterRole']), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string() })).default([]),
});
export type Binding = z.infer<typeof Binding>;
