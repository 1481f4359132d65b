import * as z from 'zod';
import type { Duration } from './duration.ts';
import { type Impact, ImpactFacts } from './impact.ts';
import type { MetricProbe } from './metric.ts';

/** What a look from outside, through the front door, can find. */
export const HttpFacts = z.object({
  url: z.string(),
  /** The answer's status, or 0 when there was none. */
  status: z.number(),
  /** Whether the status was one of those expected. */
  well: z.boolean(),
  /** How long the answer took, in milliseconds. */
  tookMs: z.number(),
  /** Why there was no answer, in the network's own words; empty when there was one. */
  error: z.string(),
});
export type HttpFacts = z.infer<typeof HttpFacts>;

/** What a TLS handshake with the front door shows of the certificate that users get. */
export const TlsFacts = z.object({
  host: z.string(),
  port: z.number(),
  /** Whether there was a certificate at all. What follows is empty where there was none. */
  served: z.boolean(),
  /** ISO 8601 in UTC. */
  notBefore: z.string(),
  notAfter: z.string(),
  /** Until its end; below zero when that is past. `null` where there was none. */
  daysLeft: z.number().nullable(),
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  names: z.array(z.string()),
  nameMatches: z.boolean(),
  /** Whether its chain leads to an authority that is trusted, and is valid now. */
  trusted: z.boolean(),
  /** Why it is not, in OpenSSL's word; empty when it is. */
  verification: z.string(),
  /** Why there was no certificate, in the network's own words. */
  error: z.string(),
});
export type TlsFacts = z.infer<typeof TlsFacts>;

/** A GET of one URL from the function itself: never from the host that may be ill. */
export interface HttpProbe {
  kind: 'probe';
  url: string;
  expect: number[];
  timeout: Duration;
  facts: z.ZodType<HttpFacts>;
}

/** A TLS handshake from the function itself, and nothing after it. */
export interface TlsProbe {
  kind: 'tls';
  host: string;
  port: number;
  timeout: Duration;
  facts: z.ZodType<TlsFacts>;
}

/** What users feel: readiness, and what Prometheus knows of errors and requests, beside the same an hour before. */
export interface ImpactProbe {
  kind: 'impact';
  impact: Impact;
  facts: z.ZodType<ImpactFacts>;
}
export type ProbeCall = HttpProbe | TlsProbe | ImpactProbe | MetricProbe;

/**
 * @param url where to look; redirects are followed
 * @param expect the statuses that mean well; 200 if not said
 */
export function httpProbe(url: string, expect: number[] = [200], timeout: Duration = '5s'): HttpProbe {
  return { kind: 'probe', url, expect, timeout, facts: HttpFacts };
}

/** @param host by the name that users type: it decides which certificate is shown */
export function tlsProbe(host: string, port = 443, timeout: Duration = '5s'): TlsProbe {
  return { kind: 'tls', host, port, timeout, facts: TlsFacts };
}

/** @param impact as the system declares it */
export function impactProbe(impact: Impact): ImpactProbe {
  return { kind: 'impact', impact, facts: ImpactFacts };
}

/** What a person types to see the same. */
export function probeByHand(call: ProbeCall): string {
  if (call.kind === 'probe') return `curl -iL ${call.url}`;
  if (call.kind === 'impact') return askImpact(call.impact);
  if (call.kind === 'metric') return askMetric(call);
  const { host, port } = call;
  return `echo | openssl s_client -connect ${host}:${port} -servername ${host} 2>/dev/null | openssl x509 -noout -dates -issuer -ext subjectAltName`;
}

/** For an hour before, `--time` takes the hour. */
function askImpact({ readiness, prometheus, errorRate, requestRate }: Impact): string {
  const queries = prometheus === null ? [] : [errorRate, requestRate];
  return [`curl -iL ${readiness}`, ...queries.map((query) => askPrometheus(prometheus, query))].join('\n');
}

/** Where nothing is measured there is nothing to type. */
function askMetric({ query, prometheus }: MetricProbe): string {
  return query === null || prometheus === null ? '# not measured' : askPrometheus(prometheus, query);
}

const askPrometheus = (prometheus: string | null, query: string) => `promtool query instant ${prometheus} '${query}'`;
