import * as z from 'zod';
import { absolutePath, containerName, domainName } from './parameters.ts';

/** Where a certificate is: issued by certbot, and read by nginx. */
export const certificatePlace = {
  domain: domainName,
  /** Certbot's own folder. */
  letsencrypt: absolutePath,
  /** Where nginx reads `fullchain.pem` and `privkey.pem`, on the host. */
  certificates: absolutePath,
  /** Nginx' container. */
  nginx: containerName,
};

/** What an act on the certificate tells. */
export const certificateOutcome = z.object({
  outcome: z.enum(['renewed', 'not-due', 'installed', 'refused', 'rate-limited', 'busy']),
  /** Whether the files that nginx reads were replaced. */
  copied: z.boolean(),
  reloaded: z.boolean(),
  nginxRuns: z.boolean(),
  /** Why it did not work; empty when it did. */
  problem: z.string(),
});
