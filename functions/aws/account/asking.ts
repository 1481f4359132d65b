/** How long one question may take, in milliseconds: a network that drops packets would hold a person for minutes. */
const PATIENCE_MS = 20_000;

/** The option of a client's `send` under which it gives up. */
export function inTime(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(PATIENCE_MS) };
}

/** Every page of a list. @param page asks for the one that a token leads to; the first has none */
export async function all<T>(
  page: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await page(token);
    found.push(...items);
    token = next;
  } while (token);
  return found;
}
