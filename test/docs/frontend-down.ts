import * as z from 'zod';
import { podState } from '../../runbooks/cluster/pod-state.ts';
import { restartDeployment } from '../../runbooks/cluster/restart-deployment.ts';
import { rolloutState } from '../../runbooks/cluster/rollout-state.ts';
import { runbook } from '../../runbooks/language/define.ts';
import { because, notNeeded, notYet } from '../../runbooks/language/reason.ts';
import { saveit } from '../../runbooks/saveit/system.ts';

export default runbook(saveit, 'frontend-down', {
  title: 'Frontend down',
  symptom: 'The site stays white, while the API answers.',
  owner: 'oncall',
  triggers: [],
  parameters: z.object({}),
})
  .diagnose('pods', 'See the pods of the frontend', {
    command: podState,
    with: (_, { frontend }) => ({ selector: frontend.selector }),
  })
  .diagnose('deployment', 'See whether the frontend is being deployed', {
    command: rolloutState,
    on: ({ frontend }) => [frontend.deployment],
    with: (_, { frontend }) => ({ deployment: frontend.deployment }),
  })
  .act('Restart the frontend', {
    when: ({ pods }) => {
      const ill = pods.pods.filter(({ ready }) => !ready);
      if (ill.some(({ standing }) => standing === 'ImagePullBackOff'))
        return notNeeded('its image cannot be had: a restart is no help');
      return ill.length > 0
        ? because(`${ill.length} of ${pods.count} pods are not ready`)
        : notNeeded('all of its pods are ready');
    },
    command: restartDeployment,
    on: ({ frontend }) => [frontend.deployment],
    with: (_, __, { frontend }) => ({ deployment: frontend.deployment }),
  })
  .verify('The frontend is ready', {
    looks: { pods: { command: podState, with: (_, { frontend }) => ({ selector: frontend.selector }) } },
    holds: ({ pods }) => (pods.count > 0 && pods.pods.every(({ ready }) => ready)) || notYet('not all of its pods are ready'),
    settle: '30s',
    times: 3,
    every: '30s',
    within: '10m',
  })
  .escalate({ to: 'oncall', tell: ({ pods }) => pods.pods.map(({ name, standing }) => `${name} is ${standing}`).join('; ') })
  .examples({ name: 'all is well', faults: [], acts: [], ends: 'succeeded', pages: 0 });
