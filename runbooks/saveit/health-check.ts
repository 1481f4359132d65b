import * as z from 'zod';
import { podState } from '../cluster/pod-state.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { deployment, pods } from './backend-looks.ts';
import { sayPods, sayRollout } from './said.ts';
import { saveit } from './system.ts';

/** Save-It's page, "Quick Health Check". By hand: it starts nothing, and pages nobody. */
export default runbook(saveit, 'health-check', {
  title: 'Quick health check',
  symptom: 'Somebody wants to know how all services are.',
  owner: 'oncall',
  triggers: [],
  parameters: z.object({}),
})
  .diagnose('backend', 'See the pods of the backend', { ...pods, says: sayPods })
  .diagnose('frontend', 'See the pods of the frontend', {
    command: podState,
    with: (_, { frontend }) => ({ selector: frontend.selector }),
    says: sayPods,
  })
  .diagnose('redis', 'See the pods of Redis', {
    command: podState,
    with: (_, { redis }) => ({ selector: redis.selector }),
    says: sayPods,
  })
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })
  .diagnose('ready', 'Ask whether it is ready', { probe: (_, { urls }) => httpProbe(urls.ready) })
  .examples({ name: 'all is well', faults: [], acts: [], ends: 'succeeded', pages: 0 });
