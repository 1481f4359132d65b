/** What the wrapper of every host command says with its exit status, beyond the script's own. */

/** The command reached the host after its `notAfter`: nothing was done. */
export const EXIT_TOO_LATE = 76;
/** It was begun before under the same key, and nobody knows how it ended: nothing was done now. */
export const EXIT_IN_DOUBT = 77;
