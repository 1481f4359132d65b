/**
 * What a script of ours ends with beside success and failure. They stand alone, so that a function that reads them does not
 * bring along the reading of scripts: on AWS there are none beside the code.
 */

/** It came after its `notAfter`: nothing was done. */
export const EXIT_TOO_LATE = 76;
/** It was begun before and nobody knows how that ended: nothing was done now. */
export const EXIT_IN_DOUBT = 77;
