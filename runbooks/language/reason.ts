/** Why an act is needed, or why it is not: the sentence that the timeline and the approval show. */
export type Reason = { needed: true; why: string } | { needed: false; why: string };

/** The act is needed, because of what the facts say. */
export function because(why: string): Reason {
  return { needed: true, why };
}

/** The act is not needed, or would not help; `why` says so to the person who reads the timeline. */
export function notNeeded(why: string): Reason {
  return { needed: false, why };
}
