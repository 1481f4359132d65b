import { broker } from './broker.ts';
import { debugPod, looksByHand } from './by-hand.ts';
import { certificate } from './certificate.ts';
import { connections, openDatabase, takeAll } from './connections.ts';
import { cpu } from './cpu.ts';
import type { Lane } from './lane.ts';
import { memory } from './memory.ts';
import { redis } from './redis.ts';
import { responding } from './responding.ts';

/** Plays a chapter, unless it is left out. */
export type Play = (name: string, chapter: () => Promise<void>) => Promise<void>;

interface Part {
  nodes: number;
  play(lane: Lane, play: Play): Promise<void>;
}

/** So many that more pods have room among them. */
const PLENTY = 100;

/**
 * The chapters of each namespace. What must wait for a minute of a real clock is begun first and looked at last.
 *
 * Real are: the responder from the signal to the page, its state machines and functions, each with the credentials of its own role;
 * the API server with RBAC and the generated Roles, controllers, scheduler, autoscaler and metrics-server; exec and logs on their way
 * through it; PostgreSQL and the psql of the Jobs; certificates and the handshake. Not real are: the pods (kwok's) and what programs
 * in them say, what the pods use, cert-manager and its authority, readiness, Prometheus, and AWS, which is local mode's.
 */
export const PARTS: Readonly<Record<string, Part>> = {
  'saveit-pods': {
    nodes: 2,
    play: async (lane, play) => {
      let gone = async () => {};
      await play('debug-pod', async () => {
        gone = await debugPod(lane);
      });
      await play('application-not-responding', () => responding(lane));
      await play('mqtt-broker-down', () => broker(lane));
      await play('redis-unreachable', () => redis(lane));
      await play('health-check and recent-errors', () => looksByHand(lane));
      await play('debug-pod, a minute later', () => gone());
    },
  },
  'saveit-data': {
    nodes: 2,
    play: async (lane, play) => {
      const database = await openDatabase(lane, 20);
      const idle = takeAll(database);
      try {
        await play('certificate-expired', () => certificate(lane));
        await play('database-connections and database-check', () => connections(lane, database, idle));
      } finally {
        idle();
        database.end();
      }
    },
  },
  'saveit-load': {
    nodes: 2,
    play: async (lane, play) => {
      const database = await openDatabase(lane, PLENTY);
      try {
        await play('high-memory', () => memory(lane));
        await play('high-cpu', () => cpu(lane));
      } finally {
        database.end();
      }
    },
  },
};
