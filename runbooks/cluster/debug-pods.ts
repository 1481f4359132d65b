import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { pods } from './kinds.ts';
import { standing } from './pods.ts';

export const debugPods = clusterCommand('debug-pods', {
  title: 'See which debug pods there are',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ running: z.array(z.string()), others: z.array(z.string()) }),
  timeout: '20s',
  rights: () => [{ group: '', resource: 'pods', verbs: ['list'] }],
  byHand: ({ namespace }) => `kubectl get pods -n ${namespace} -l firebreak.dev/purpose=debug`,
  run: async (cluster) => {
    const found = await cluster.list(pods, 'firebreak.dev/purpose=debug');
    const [running, others] = [true, false].map((runs) =>
      found.filter((pod) => (standing(pod) === 'Running') === runs).map(({ metadata }) => metadata.name),
    );
    return { facts: { running: running ?? [], others: others ?? [] } };
  },
});
