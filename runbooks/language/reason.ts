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

/** What a verification finds: all is well, or what is not; or that it is on its way and needs a moment. */
export type Finding = true | string | { notYet: string };

/** Not well, and not ill: a service that is just starting is given its time even where nothing was done. */
export function notYet(why: string): Finding {
  return { notYet: why };
}
