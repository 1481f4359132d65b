import type { ClusterFault } from '../cluster/fault.ts';

/** What can be wrong with the way to the cluster. None of them makes Save-It ill, so none raises an alarm: they befall a repair. */
export const apiFaults: ClusterFault[] = [
  { id: 'saveit-api-throttles', title: "The cluster's API has too much to do, and takes one request of three", api: 'throttles' },
  { id: 'saveit-api-cuts', title: "The cluster's API goes away in the midst of every second answer", api: 'cuts' },
  { id: 'saveit-api-forgets', title: "The cluster's API takes no token any more", api: 'forgets' },
  { id: 'saveit-api-leaves', title: "The cluster's API goes away for minutes, just after something was changed", api: 'leaves' },
  {
    id: 'saveit-api-stays-away',
    title: "The cluster's API goes away for good, just after something was changed",
    api: 'stays away',
  },
  { id: 'saveit-api-forbids', title: "The cluster's API allows no changes", api: 'forbids' },
];
