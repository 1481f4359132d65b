import type { SiraSettings } from '../../runbooks/sira/system.ts';

/** How a service outside answers: at once and well, if a fault does not say otherwise. */
export interface OutsideService {
  status: number;
  seconds: number;
}

/** What a fault makes of the services outside, and of the recommendations that need them. */
export interface OutsidePattern {
  mistral?: OutsideService;
  pinecone?: OutsideService;
  /** Statuspage's word for how they are. */
  indicator?: { mistral?: string; pinecone?: string };
  /** Seconds that a recommendation takes as a whole, and with each service. */
  recommendation: { all: number; mistral: number; pinecone: number };
  /** What the backend's log says beside it. */
  lines: string[];
}

export const WELL: OutsidePattern = { recommendation: { all: 1.4, mistral: 0.8, pinecone: 0.2 }, lines: [] };

/** The keys that the simulated Systems Manager holds, by the names of their parameters. They open nothing. */
export function simulatedKeys({ externalKeys }: SiraSettings): Record<string, string> {
  return { [externalKeys.mistral]: 'simulated-mistral-key-0001', [externalKeys.pinecone]: 'simulated-pinecone-key-0001' };
}

export interface Answer {
  status: number;
  body: string;
  seconds?: number;
}

/** What a service outside answers to a URL and its headers; `undefined` where the URL is none of theirs. */
export function outsideAnswer(
  pattern: OutsidePattern,
  settings: SiraSettings,
  url: string,
  headers: string[],
): Answer | undefined {
  const { externalServices, vectorIndex, statusPages, externalKeys } = settings;
  const keys = simulatedKeys(settings);
  const page = (['mistral', 'pinecone'] as const).find((name) => statusPages[name] === url);
  if (page) return { status: 200, body: statusPage(pattern.indicator?.[page] ?? 'none') };
  const asked = { 'authorization: bearer ': 'mistral', 'api-key: ': 'pinecone' } as const;
  const service =
    url === externalServices.mistral
      ? 'mistral'
      : [externalServices.pinecone, vectorIndex].includes(url)
        ? 'pinecone'
        : undefined;
  if (!service) return undefined;
  const { status, seconds } = pattern[service] ?? { status: 200, seconds: 0.08 };
  const opened = Object.entries(asked).some(
    ([header, name]) =>
      name === service && headers.some((one) => one.toLowerCase() === `${header}${keys[externalKeys[service]]}`),
  );
  if (status === 200 && !opened) return { status: 401, body: '{"message":"Unauthorized"}', seconds };
  return { status, body: status === 200 ? '{"data":[]}' : '{"message":"not well"}', seconds };
}

function statusPage(indicator: string): string {
  const description = indicator === 'none' ? 'All Systems Operational' : 'Partially Degraded Service';
  return JSON.stringify({ page: { name: 'Simulated' }, status: { indicator, description } });
}
