/** What of a confirmation is known: the token, and the topic where the link names it. */
export interface Confirmation {
  token: string;
  topicArn?: string;
}

/** What was given can't be read as a link or a token, said for the person who gave it. */
export class NotALink extends Error {
  override name = 'NotALink';
}

const EXPECTED = 'expected the link of the mail "AWS Notification - Subscription Confirmation", in quotes, or its token';
/** Nothing in a token needs quoting, whatever SNS makes it of. */
const TOKEN = /^[A-Za-z0-9_-]{16,2048}$/;

/**
 * Reads what a person has copied out of the mail: the link, as SNS or a mail filter wrote it, or the token alone.
 * @throws {NotALink} saying what was expected
 */
export function readLink(given: string): Confirmation {
  const text = given.trim().replace(/^[<"']+|[>"']+$/g, '');
  if (TOKEN.test(text)) return { token: text };
  if (!URL.canParse(text)) throw new NotALink(`this is neither a link nor a token: ${EXPECTED}`);
  const { searchParams, pathname } = unwrapped(new URL(text));
  if (/unsubscribe/i.test(pathname) || searchParams.get('Action') === 'Unsubscribe')
    throw new NotALink(`this link unsubscribes: ${EXPECTED}`);
  const [topicArn, token] = [searchParams.get('TopicArn'), searchParams.get('Token')];
  // A terminal ends a command at an `&` that stands outside of quotes.
  if (topicArn && !token) throw new NotALink(`this link ends before its token: ${EXPECTED}`);
  if (!topicArn || !token) throw new NotALink(`this link has no topic and token in it: ${EXPECTED}`);
  if (!TOKEN.test(token)) throw new NotALink(`the token of this link has characters that no token has: ${EXPECTED}`);
  return { token, topicArn };
}

/** Mail filters put the link into one of their own, most of them as its parameter `url`. */
function unwrapped(link: URL): URL {
  const inside = link.searchParams.get('url');
  return inside !== null && URL.canParse(inside) ? new URL(inside) : link;
}
