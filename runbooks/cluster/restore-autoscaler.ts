import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { autoscalers } from './kinds.ts';
import { objectName } from './parameters.ts';
import { boundsOf, raisedOf, same, setBounds } from './raised.ts';

const count = z.number().int().min(1).max(1_000);

/** Gives an autoscaler the bounds that it had before they were raised, if nobody has changed them since. */
export const restoreAutoscaler = clusterCommand('restore-autoscaler', {
  title: 'Give an autoscaler its former bounds',
  safety: 'routine',
  verb: 'scale',
  resource: ({ autoscaler }) => `autoscaler/${autoscaler}`,
  /** What was asked for when they were raised: raised further since, they are the later step's to take back. */
  parameters: z.object({ autoscaler: objectName, askedMin: count, askedMax: count }),
  facts: z.object({ autoscaler: z.string(), min: z.number(), max: z.number(), leftAlone: z.boolean() }),
  timeout: '2m',
  rights: (on) => [{ group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['get', 'patch'], names: on }],
  byHand: ({ on: [autoscaler], namespace }) =>
    `kubectl get hpa ${autoscaler} -n ${namespace} -o jsonpath='{.metadata.annotations.firebreak\\.dev/raised}'; kubectl edit hpa ${autoscaler} -n ${namespace}`,
  run: async (cluster, { autoscaler, askedMin, askedMax }) => {
    const found = await cluster.get(autoscalers, autoscaler);
    if (!found) return { facts: { autoscaler, min: 0, max: 0, leftAlone: true } };
    const now = boundsOf(found);
    const raised = raisedOf(found);
    // Nothing is written: it was taken back already.
    if (!raised) return { facts: { autoscaler, ...now, leftAlone: false } };
    const others = !same(raised.asked, { min: askedMin, max: askedMax }) || !same(raised.now, now);
    if (others) return { facts: { autoscaler, ...now, leftAlone: true } };
    await setBounds(cluster, found, raised.from, undefined);
    return { facts: { autoscaler, ...raised.from, leftAlone: false } };
  },
});
