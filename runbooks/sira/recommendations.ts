import type * as z from 'zod';
import type { keyedService } from '../commands/keyed-service.ts';
import type { recommendationLog } from '../commands/recommendation-log.ts';
import type { statusPages } from '../commands/status-pages.ts';

/** Everything that is known when it must be said whose fault slow recommendations are. */
export interface Recommendations {
  mistral: Service;
  pinecone: Service;
  pages: z.output<typeof statusPages.facts>;
  log: z.output<typeof recommendationLog.facts>;
}
type Service = z.output<typeof keyedService.facts>;
type Page = Recommendations['pages']['pages'][number];

/** A simple question is answered in a fraction of a second; this is not well. */
const SLOW_MS = 2_000;
/** So many failed calls in the log are no accident. */
const SEVERAL = 3;

/** How a service answers, from where the backend runs. */
type Manner = 'silent' | 'failing' | 'quota' | 'key refused' | 'slow' | 'well' | 'reachable' | 'odd';

/** One of three answers may be an accident, two are not. */
export function mannerOf({ answers, withKey }: Service): Manner {
  const often = (holds: (status: number) => boolean) => answers.filter(({ status }) => holds(status)).length >= 2;
  if (often((status) => status === 0)) return 'silent';
  if (often((status) => status >= 500)) return 'failing';
  if (often((status) => status === 429)) return 'quota';
  if (withKey && often((status) => status === 401 || status === 403)) return 'key refused';
  if (medianMs(answers) > SLOW_MS) return 'slow';
  if (withKey && often((status) => status >= 200 && status < 300)) return 'well';
  if (!withKey && often((status) => status > 0 && status < 500)) return 'reachable';
  return 'odd';
}

export function medianMs(answers: Service['answers']): number {
  const sorted = answers.filter(({ status }) => status > 0).map(({ tookMs }) => tookMs);
  sorted.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** A service's manner in a sentence, for the timeline and the page. */
export function spoken(name: string, service: Service): string {
  const ms = medianMs(service.answers);
  const statuses = [...new Set(service.answers.map(({ status }) => status))].join(' and ');
  const texts: Record<Manner, string> = {
    silent: `${name} does not answer this host (${service.answers.find(({ error }) => error)?.error ?? 'no answer'})`,
    failing: `${name} answers ${statuses}`,
    quota: `${name} answers 429: we have used up what they allow us`,
    'key refused': `${name} refuses our key (${statuses})`,
    slow: `${name} takes ${(ms / 1_000).toFixed(1)} s for a simple question`,
    well: `${name} answers well, in ${ms} ms`,
    reachable: `${name} answers in ${ms} ms, but could not be asked with our key: ${service.whyNot}`,
    odd: `${name} answers ${statuses}, which says nothing: is its address right?`,
  };
  return texts[mannerOf(service)];
}

export interface Verdict {
  whose: 'theirs' | 'ours' | 'unknown';
  /** What speaks for it. */
  why: string[];
}

/**
 * Whose fault it is. Theirs: no answer, 5xx, slow, used up (429), a status page that says so, calls that time out in our log.
 * Ours: they refuse our key, or they answer well and fast. Where the key could not be tried, or nobody answers this host,
 * nobody can tell, and that is what is said.
 */
export function whose({ mistral, pinecone, pages, log }: Recommendations): Verdict {
  const services = [
    ['Mistral', mistral],
    ['Pinecone', pinecone],
  ] as const;
  const who = (...manners: Manner[]) => services.filter(([, service]) => manners.includes(mannerOf(service)));
  const say = (found: typeof services | ReturnType<typeof who>) => found.map(([name, service]) => spoken(name, service));
  const everything = say(services);
  const refused = who('key refused');
  if (refused.length > 0) return { whose: 'ours', why: say([...refused, ...who('silent', 'failing', 'quota', 'slow')]) };
  if (who('silent').length === services.length)
    return { whose: 'unknown', why: [...everything, "neither does: look at this host's own way out first"] };
  const theirs = who('silent', 'failing', 'quota', 'slow');
  if (theirs.length > 0) return { whose: 'theirs', why: say(theirs) };
  const told = pages.pages.filter(({ says }) => says === 'degraded' || says === 'outage');
  if (told.length > 0) return { whose: 'theirs', why: told.map(pageSays) };
  const logged = fromLog(log);
  if (logged) return logged;
  if (who('well').length === services.length) return { whose: 'ours', why: [...everything, ownTime(log)] };
  return { whose: 'unknown', why: everything };
}

const pageSays = ({ url, says, description }: Page) =>
  `the status page ${new URL(url).host} says ${says}${description ? `: ${description}` : ''}`;

/** What the backend's own log says of the services: it asks them other things than we do. */
function fromLog({ errors, services, seconds }: Recommendations['log']): Verdict | undefined {
  const keys = errors.outside.filter(({ keyRefused }) => keyRefused >= SEVERAL);
  if (keys.length > 0)
    return {
      whose: 'ours',
      why: keys.map(({ service, keyRefused }) => `${service} refused our key ${keyRefused} times, says the log`),
    };
  const failed = errors.outside.filter(({ timeouts, quota }) => timeouts + quota >= SEVERAL);
  if (failed.length > 0)
    return {
      whose: 'theirs',
      why: failed.map(
        ({ service, timeouts, quota }) => `${service} failed in the log: ${timeouts} times too late, ${quota} times used up`,
      ),
    };
  const slow = services.filter(
    ({ seconds: { median } }) => median !== null && median * 1_000 > SLOW_MS && median > (seconds.median ?? median) / 2,
  );
  if (slow.length === 0) return undefined;
  return {
    whose: 'theirs',
    why: slow.map(
      ({ service, seconds: { median } }) => `most of a recommendation's time is ${service}: ${median} s, says the log`,
    ),
  };
}

function ownTime({ seconds, errors }: Recommendations['log']): string {
  if (!errors.readable) return `the log could not be read: ${errors.why}`;
  if (seconds.p95 === null) return 'the log does not say how long recommendations take';
  return `recommendations take ${seconds.median} s, and one of twenty over ${seconds.p95} s`;
}

/** Not slow alone: recommendations can't work then. The page's table calls something that is not critical and broken P2. */
export function broken({ mistral, pinecone }: Recommendations): boolean {
  return [mistral, pinecone].some((service) => ['silent', 'failing', 'quota', 'key refused'].includes(mannerOf(service)));
}

const ADVICE: Readonly<Record<Verdict['whose'], string>> = {
  theirs:
    'It is theirs: their status page and support; what can be cached or done without meanwhile is a change of the application.',
  ours: 'It is ours: the key, the queries, the vector search, the database. Caching and simpler queries are changes of the application.',
  unknown: 'Nobody can tell whose it is from here.',
};

/** What a person is told. */
export function told(facts: Recommendations): string {
  const verdict = whose(facts);
  const { seconds } = facts.log;
  return [
    ADVICE[verdict.whose],
    ...verdict.why.map((why) => `- ${why}`),
    ...(seconds.median === null
      ? []
      : [`Recommendations of the last minutes: ${seconds.count}, median ${seconds.median} s, slowest ${seconds.most} s.`]),
    ...facts.pages.pages.map((page) => `${pageSays(page)}.`),
  ].join('\n');
}
