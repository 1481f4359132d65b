/** The attribute of a message to people who have nothing to do for it: a mail can wait until they read it, a telephone would ring. */
export const QUIET = 'quiet';

/** What a telephone is subscribed to, as a filter policy of SNS: everything but that. A structure of texts can leave no protocol out. */
export const TELEPHONE_FILTER = { [QUIET]: [{ exists: false }] };
