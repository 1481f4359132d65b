import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import type { DockerEngine } from '../docker/engine.ts';
import type { Answer } from '../outside.ts';
import type { ShimAnswer, ShimCall } from './rpc.ts';
import type { HostTree } from './tree.ts';

/** What a tool of the machine itself can see. */
export interface Machine {
  hostname: string;
  settings: SiraSettings;
  /** What runs on it, with the faults that are on. */
  engine: DockerEngine;
  tree: HostTree;
  /** What an HTTP request from the host itself is answered, with these headers; status 0 when nobody answers. */
  answer(url: string, headers?: string[]): Answer;
  now(): number;
}

export type Tool = (machine: Machine, call: ShimCall) => ShimAnswer;
