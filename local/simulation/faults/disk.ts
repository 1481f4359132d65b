import type { FaultKind } from '../fault-kind.ts';
import { DISK_BYTES, diskUse } from '../host/disk.ts';

const EXPORTS = '/srv/sira/exports/report.csv';

export const diskFaults: FaultKind[] = [
  {
    id: 'disk-filling',
    title: 'Exports of the application have filled three quarters of the disk: nothing of it is past any retention',
    on: ({ engine, tree }) => tree.sized(EXPORTS, Math.max(0, DISK_BYTES * 0.75 - diskUse(tree).usedBytes), engine.now()),
    off: ({ tree }) => tree.remove(EXPORTS),
  },
];
