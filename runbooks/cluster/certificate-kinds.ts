import * as z from 'zod';
import type { Kind } from '../language/cluster.ts';
import { Condition, Metadata } from './kinds.ts';
import { Sealed } from './sealed.ts';

/** cert-manager's objects, and the Secret that comes of them, each with the part that runbooks read. */
const Versioned = Metadata.extend({ resourceVersion: z.string().default('') });

/** Whole, because a list is patched as one: what is not known here must go back as it came. */
const WholeCondition = Condition.loose();
const conditions = z.array(WholeCondition).default([]);

export const Certificate = z.object({
  metadata: Versioned,
  spec: z.object({
    secretName: z.string(),
    dnsNames: z.array(z.string()).default([]),
    issuerRef: z.object({ name: z.string(), kind: z.string().default('Issuer') }),
  }),
  status: z
    .object({
      conditions,
      notBefore: z.string().optional(),
      notAfter: z.string().optional(),
      renewalTime: z.string().optional(),
      revision: z.number().default(0),
      failedIssuanceAttempts: z.number().default(0),
      lastFailureTime: z.string().optional(),
    })
    .prefault({}),
});
export type Certificate = z.output<typeof Certificate>;

export const CertificateRequest = z.object({
  metadata: Metadata,
  status: z.object({ conditions, failureTime: z.string().optional() }).prefault({}),
});
export type CertificateRequest = z.output<typeof CertificateRequest>;

const state = { state: z.string().default(''), reason: z.string().default('') };
/** What was asked of the authority: `valid`, `ready`, `pending`, `processing`, or it failed: `invalid`, `expired`, `errored`. */
export const Order = z.object({ metadata: Metadata, status: z.object(state).prefault({}) });
export type Order = z.output<typeof Order>;

/** How one name is proven to be ours. */
export const Challenge = z.object({
  metadata: Metadata,
  spec: z.object({ dnsName: z.string().default(''), type: z.string().default('') }).prefault({}),
  status: z.object(state).prefault({}),
});
export type Challenge = z.output<typeof Challenge>;

const secret = { metadata: Metadata, type: z.string().default('Opaque'), immutable: z.boolean().default(false) };
/** What can be known of a Secret without its values: they are dropped where the answer is read. */
export const SecretHead = z.object(secret);
export type SecretHead = z.output<typeof SecretHead>;

/** With its values, which nobody can print: only for a copy that stays in the cluster. */
export const SealedSecret = z.object({
  ...secret,
  data: z
    .record(z.string(), z.string())
    .default({})
    .transform((values) => new Sealed(values)),
});
export type SealedSecret = z.output<typeof SealedSecret>;

const CERT_MANAGER = { group: 'cert-manager.io', version: 'v1', namespaced: true } as const;
const ACME = { ...CERT_MANAGER, group: 'acme.cert-manager.io' } as const;
const CORE = { group: '', version: 'v1', namespaced: true, plural: 'secrets', kind: 'Secret' } as const;

export const certificates: Kind<Certificate> = {
  ...CERT_MANAGER,
  plural: 'certificates',
  kind: 'Certificate',
  object: Certificate,
};
export const certificateRequests: Kind<CertificateRequest> = {
  ...CERT_MANAGER,
  plural: 'certificaterequests',
  kind: 'CertificateRequest',
  object: CertificateRequest,
};
export const orders: Kind<Order> = { ...ACME, plural: 'orders', kind: 'Order', object: Order };
export const challenges: Kind<Challenge> = { ...ACME, plural: 'challenges', kind: 'Challenge', object: Challenge };
export const secretHeads: Kind<SecretHead> = { ...CORE, object: SecretHead };
export const sealedSecrets: Kind<SealedSecret> = { ...CORE, object: SealedSecret };
