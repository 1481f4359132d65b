/** What is wrong with the backups of a host while a fault is on. */
export interface BackupTrouble {
  /** Cron makes none any more; or it is late, and makes one right now. */
  cron?: 'silent' | 'late';
  /** What the script does: it says why and ends, dumps next to nothing, or its dump dies and is packed all the same. */
  script?: 'fails' | 'too-small' | 'breaks-off';
  /** The backups are on a disk of their own, with so much room left. */
  freeBytes?: number;
  /** What is restored lacks some rows. */
  losesRows?: boolean;
}
