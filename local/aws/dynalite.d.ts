declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** The folder of its LevelDB store; in memory without it. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }
  /** A server that need not listen: its `request` event is its handler. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
