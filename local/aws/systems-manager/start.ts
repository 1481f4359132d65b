import type { Arns } from '../arns.ts';
import type { Service } from '../protocol/service.ts';
import type { Store } from '../store.ts';
import { type AgentDependencies, createAgents } from './agents.ts';
import { Command } from './command.ts';
import { type ParameterStore, systemsManager } from './operations.ts';

export interface SystemsManager {
  service: Service;
  recover(): void;
  close(): Promise<void>;
}

/** Systems Manager with the agents of a fleet. */
export function createSystemsManager(
  deps: Omit<AgentDependencies, 'commands'> & { store: Store; arns: Arns; ids: () => string },
  store: Pick<ParameterStore, 'parameters' | 'secrets'>,
): SystemsManager {
  const commands = deps.store.folder('commands', Command);
  const agents = createAgents({ ...deps, commands });
  return { service: systemsManager({ ...deps, commands, agents, ...store }), recover: agents.recover, close: agents.close };
}
