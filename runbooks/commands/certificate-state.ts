import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { certificatePlace } from './certificate-place.ts';
import { absolutePath, hostName } from './parameters.ts';

/** A certificate: its times in seconds since 1970. */
const certificate = {
  notBefore: z.number(),
  notAfter: z.number(),
  serial: z.string(),
  names: z.array(z.string()),
  /** Whether it is for the domain; a wildcard may be. */
  nameMatches: z.boolean(),
};
const Pair = z.object({ ...certificate, keyMatches: z.boolean(), keyMode: z.string(), keyOwner: z.string() }).nullable();

export const certificateState = hostCommand('certificate-state', {
  title: 'Check the certificate',
  safety: 'observe',
  parameters: z.object({
    ...certificatePlace,
    /** Where it is asked for, seen from the host. */
    address: hostName,
    port: z.number().int().min(1).max(65_535),
    certbotLogs: absolutePath,
  }),
  facts: z.object({
    /** The host's time, in seconds since 1970. */
    now: z.number(),
    /** What a visitor gets now; `null` when nothing came, and then why. */
    served: z.object({ ...certificate, trusted: z.boolean(), verification: z.string() }).nullable(),
    servedError: z.string(),
    /** The copy that nginx reads, and what certbot has issued last; `null` where there is none. */
    file: Pair,
    issued: Pair,
    /** How certbot proves the domain: `standalone`, `webroot`, `nginx`, `dns-...`; `none` where certbot does not renew it. */
    authenticator: z.string(),
    /** Where the authority's question arrives at a standalone certbot. */
    challengePort: z.number(),
    deployHook: z.boolean(),
    /** The timer that renews it, `cron`, or `none`. */
    scheduledBy: z.string(),
    /** In the last 24 hours. */
    attempts: z.number(),
    /** The authority's own words when it refused for too many; empty when it has not in the last 24 hours. */
    rateLimited: z.string(),
    /** `null`: nobody knows. */
    certbotRuns: z.boolean().nullable(),
    nginxRuns: z.boolean().nullable(),
  }),
  timeout: '2m',
  byHand:
    'echo | openssl s_client -servername yourdomain.com -connect yourdomain.com:443 2>/dev/null | openssl x509 -noout -dates; ./scripts/ssl_validation.sh yourdomain.com',
});
