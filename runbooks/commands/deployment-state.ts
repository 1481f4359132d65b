import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { stack } from './parameters.ts';

export const deploymentState = hostCommand('deployment-state', {
  title: 'See whether a deployment is under way',
  safety: 'observe',
  parameters: z.object(stack),
  facts: z.object({
    /** A marker file `.deploying` lies in the project's folder, or the compose file has changed since the last `up`. */
    underWay: z.boolean(),
    /** Since the newest container was created, if that is at most 15 minutes ago: a restart creates none. */
    endedSecondsAgo: z.number().nullable(),
    /** Whether the compose file could be compared with what runs. If not, a deployment may be under way that nobody sees. */
    comparable: z.boolean(),
    /** What it was told by, in a sentence; `none` when there is nothing. Says so when the compose file can't be compared. */
    sign: z.string(),
    /** Services whose part of the compose file has changed since they were last brought up. */
    configChanged: z.array(z.string()),
  }),
  timeout: '1m',
  byHand: 'ls -l .deploying; docker-compose -f docker-compose.prod.yml config --hash "*"',
});

/** For the timeline. */
export const sayDeployment = ({ sign }: z.output<typeof deploymentState.facts>) => (sign === 'none' ? 'no sign of one' : sign);
