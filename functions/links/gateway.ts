import type { Hono } from 'hono';
import * as z from 'zod';

/**
 * What an HTTP API of API Gateway hands to a function (payload format 2.0), as far as it is used here.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const GatewayEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  /** Several values of one header are joined by commas already. */
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({ domainName: z.string(), http: z.object({ method: z.string() }) }),
});
export type GatewayEvent = z.output<typeof GatewayEvent>;

export interface GatewayAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: false;
}

const BODILESS = ['GET', 'HEAD'];

/** An emulator's name may be none that a URL takes: no page is of the one that stands for it, so that none passes for our own. */
const nameOf = (domainName: string) => (URL.canParse(`https://${domainName}`) ? domainName : 'unnamed.invalid');

/** A request, without headers that none may have. @returns nothing for a method that none may have */
function requestOf(url: string, method: string, headers: Record<string, string>, body: Buffer<ArrayBuffer> | null) {
  const kept = Object.entries(headers).filter(([name, value]) => isHeader(name, value));
  try {
    return new Request(url, { method, headers: kept, body });
  } catch {
    return undefined;
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}

/** Lets an app answer what comes through API Gateway. All answers are text, and none sets a cookie; a query is none of it. */
export const throughGateway =
  (app: Hono) =>
  async ({ rawPath, headers, body, isBase64Encoded, requestContext }: GatewayEvent): Promise<GatewayAnswer> => {
    const { domainName, http } = requestContext;
    const url = `https://${nameOf(domainName)}${rawPath.startsWith('/') ? '' : '/'}${rawPath}`;
    const sent =
      body === undefined || BODILESS.includes(http.method) ? null : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
    const request = requestOf(url, http.method, headers, sent);
    // What can't be asked at all is nobody's link: it must not count as a link that broke, for that wakes somebody.
    if (!request) return { statusCode: 400, headers: {}, body: '', isBase64Encoded: false };
    const answer = await app.fetch(request);
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
      isBase64Encoded: false,
    };
  };
