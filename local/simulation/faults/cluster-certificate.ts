import type { ClusterFault, World } from '../cluster/fault.ts';
import { NAMESPACE } from '../cluster/healthy.ts';
import { CERTIFICATES_KIND, SECRETS } from '../cluster/kinds.ts';
import { stamp } from '../cluster/state.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function valid({ store, now }: World, from: number, until: number): undefined {
  const found = store.get(CERTIFICATES_KIND, NAMESPACE, 'saveit-tls');
  if (!found) return;
  const times = { notBefore: stamp(now + from), notAfter: stamp(now + until), renewalTime: stamp(now + until - 30 * DAY) };
  const conditions = found.status.conditions.filter(({ type }) => type !== 'Issuing');
  const { failedIssuanceAttempts: _, lastFailureTime: __, ...status } = found.status;
  store.save(CERTIFICATES_KIND, { ...found, status: { ...status, ...times, conditions } });
}

/** cert-manager was away when it should have renewed: that it did not is no fault of the authority. */
const on = (world: World) => valid(world, -90 * DAY, -2 * HOUR);
const off = (world: World) => {
  const found = world.store.get(CERTIFICATES_KIND, NAMESPACE, 'saveit-tls');
  if (Date.parse(found?.status.notAfter ?? '') <= world.now) valid(world, -DAY, 89 * DAY);
};

/** In a cluster nobody can take this back: only without the Secret there can be a new one. The fault alone can. */
const immutable = ({ store }: World, is: boolean): undefined => {
  const found = store.get(SECRETS, NAMESPACE, 'saveit-tls');
  if (found) store.save(SECRETS, { ...found, immutable: is });
};

export const certificateFaults: ClusterFault[] = [
  { id: 'saveit-certificate-expired', title: 'The certificate has ended two hours ago, and can be renewed', on, off },
  {
    id: 'saveit-certificate-order-fails',
    title: 'The certificate has ended, and its authority does not find the answer to its challenge',
    authority: 'order-fails',
    on,
    off,
  },
  {
    id: 'saveit-certificate-rate-limited',
    title: 'The certificate has ended, and its authority gives no more of them this week',
    authority: 'rate-limited',
    on,
    off,
  },
  {
    id: 'saveit-certificate-secret-immutable',
    title: 'The certificate has ended, and somebody has made its Secret immutable: it takes no new one',
    on: (world) => {
      on(world);
      return immutable(world, true);
    },
    off: (world) => {
      off(world);
      immutable(world, false);
    },
  },
];
