import type { Arns } from '../arns.ts';
import type { Service } from '../protocol/service.ts';
import type { Store } from '../store.ts';
import { type AgentDependencies, createAgents } from './agents.ts';
import { Command } from './command.ts';
import { type ParameterStore, systemsManager } from './operations.ts';
import { type OpsItem, opsItemsIn } from './ops-items.ts';

export interface SystemsManager {
  service: Service;
  /** Every ticket of OpsCenter, the oldest first. */
  tickets(): OpsItem[];
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
  const items = opsItemsIn(deps.store);
  return {
    service: systemsManager({ ...deps, commands, agents, items, ...store }),
    tickets: items.all,
    recover: agents.recover,
    close: agents.close,
  };
}
