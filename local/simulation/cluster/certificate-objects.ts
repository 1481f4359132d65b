import * as z from 'zod';
import { Condition, KubeObject } from './objects.ts';

/** cert-manager's objects, and the secret that comes of them, as far as the simulation reads them. */

export const Secret = KubeObject.extend({
  type: z.string().default('Opaque'),
  data: z.record(z.string(), z.string()).default({}),
});
export type Secret = z.infer<typeof Secret>;

const Reference = z.looseObject({ name: z.string(), kind: z.string().optional() });
const conditions = z.array(Condition).default([]);

export const Certificate = KubeObject.extend({
  spec: z.looseObject({ secretName: z.string(), dnsNames: z.array(z.string()).default([]), issuerRef: Reference }),
  status: z
    .looseObject({
      conditions,
      notBefore: z.string().optional(),
      notAfter: z.string().optional(),
      renewalTime: z.string().optional(),
      revision: z.int().optional(),
      failedIssuanceAttempts: z.int().optional(),
      lastFailureTime: z.string().optional(),
    })
    .default({ conditions: [] }),
});
export type Certificate = z.infer<typeof Certificate>;

export const CertificateRequest = KubeObject.extend({
  spec: z.looseObject({ issuerRef: Reference }),
  status: z.looseObject({ conditions, failureTime: z.string().optional() }).default({ conditions: [] }),
});
export type CertificateRequest = z.infer<typeof CertificateRequest>;

export const Order = KubeObject.extend({
  spec: z.looseObject({ dnsNames: z.array(z.string()).default([]), issuerRef: Reference }),
  status: z.looseObject({ state: z.string().default(''), reason: z.string().optional() }).default({ state: '' }),
});
export type Order = z.infer<typeof Order>;

export const Challenge = KubeObject.extend({
  spec: z.looseObject({ dnsName: z.string(), type: z.string() }),
  status: z.looseObject({ state: z.string().default(''), reason: z.string().optional() }).default({ state: '' }),
});
export type Challenge = z.infer<typeof Challenge>;
