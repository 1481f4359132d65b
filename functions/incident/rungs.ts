/**
 * What is written down like a page and is no rung of a ladder. Each has a number of its own, far above any ladder's, because `generation`
 * and `rung` tell the pages of an incident apart.
 */

/** A page about what went wrong after its run was over. */
export const AFTERWARDS = 99;
/** A page about the monitoring of an incident, not about the incident. */
export const BLIND = 98;
/** A page that lists incidents which came together. */
export const STORMY = 97;
/** A page to the operators: everybody was paged, as often as the ladder says, and nobody has it. */
export const UNANSWERED = 96;
/** A notice that it has begun, or is over. What kind it is, and which of its kind, stands in the page's `about`. */
export const NOTICE = 95;
/** What is said of a review. Which it is, and for which day, stands in the page's `about`. */
export const REVIEW = 94;
/** A page to whoever asked for a run that did not end well. */
export const ASKER = 93;
