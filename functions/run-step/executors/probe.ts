import { milliseconds } from '../../../runbooks/language/duration.ts';
import type { HttpFacts, HttpProbe } from '../../../runbooks/language/probe.ts';
import { between, iso } from '../../incident/clock.ts';
import type { Surroundings } from '../../surroundings.ts';
import { redact } from '../redact.ts';

/** GETs a URL as a user would. No answer is a fact too: the status is 0, and the network's own words say why. */
export async function probe(around: Pick<Surroundings, 'clock' | 'fetch'>, call: HttpProbe): Promise<HttpFacts> {
  const startedAt = iso(around.clock.now());
  const facts = (status: number, error: string): HttpFacts => ({
    url: redact(call.url),
    status,
    well: call.expect.includes(status),
    tookMs: between(startedAt, iso(around.clock.now())),
    error: redact(error),
  });
  try {
    const answer = await around.fetch(call.url, {
      signal: AbortSignal.timeout(milliseconds(call.timeout)),
      headers: { 'user-agent': 'firebreak' },
    });
    await answer.body?.cancel();
    return facts(answer.status, '');
  } catch (error) {
    return facts(0, reason(error));
  }
}

/** What a GET found, and the same in a line. */
export async function seenOverHttp(around: Surroundings, call: HttpProbe): Promise<[HttpFacts, string]> {
  const facts = await probe(around, call);
  return [facts, `${facts.url} answers ${facts.status || 'nothing'}${facts.error ? ` (${facts.error})` : ''}`];
}

/** fetch says only "fetch failed"; its cause says why: ECONNREFUSED, ENOTFOUND, a certificate's fault. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
