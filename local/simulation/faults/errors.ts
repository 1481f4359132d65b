import type { FaultKind } from '../fault-kind.ts';

export const errorsFaults: FaultKind[] = [];
