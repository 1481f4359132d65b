import * as z from 'zod';
import type { Kind } from '../language/cluster.ts';

/** A kind of which nobody wants to know more than whether an object is there: the API sends its metadata and nothing else. */
const presence = (group: string, version: string, plural: string, kind: string): Kind<unknown> => ({
  ...{ group, version, plural, kind, namespaced: true, metadataOnly: true },
  object: z.unknown(),
});

export const SECRET = presence('', 'v1', 'secrets', 'Secret');
export const AUTOSCALER = presence('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler');
/** cert-manager's. Not there either where cert-manager is not. */
export const CERTIFICATE = presence('cert-manager.io', 'v1', 'certificates', 'Certificate');
