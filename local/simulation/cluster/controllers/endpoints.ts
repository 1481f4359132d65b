import { ENDPOINTS, PODS, SERVICES } from '../kinds.ts';
import { isReady, type World } from '../world.ts';

/** Which pods stand behind each service. */
export function endpoints({ store }: World): void {
  for (const service of store.list(SERVICES)) {
    const { name, namespace } = service.metadata;
    const spec = service.spec;
    const selector = typeof spec === 'object' && spec !== null && 'selector' in spec ? Object.entries(spec.selector ?? {}) : [];
    const behind = store
      .list(PODS, namespace)
      .filter((pod) => selector.every(([label, value]) => pod.metadata.labels?.[label] === value));
    const address = (pod: (typeof behind)[number]) => ({
      ip: pod.status.podIP,
      targetRef: { kind: 'Pod', name: pod.metadata.name, namespace },
    });
    const [ready, not] = [behind.filter(isReady), behind.filter((pod) => !isReady(pod) && pod.status.podIP !== undefined)];
    const subsets = [
      {
        ...(ready.length > 0 && { addresses: ready.map(address) }),
        ...(not.length > 0 && { notReadyAddresses: not.map(address) }),
      },
    ].filter((subset) => Object.keys(subset).length > 0);
    const before = store.get(ENDPOINTS, namespace, name);
    if (before) store.save(ENDPOINTS, { ...before, subsets });
    else store.create(ENDPOINTS, { metadata: { name, namespace: namespace ?? 'default' }, subsets });
  }
}
