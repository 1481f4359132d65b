import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { certificatePlace } from './certificate-place.ts';
import { serviceName, stack } from './parameters.ts';

export const bringNginxBack = hostCommand('bring-nginx-back', {
  title: 'Start nginx again, with a certificate that fits its key',
  safety: 'routine',
  verb: 'start',
  resource: ({ nginxService }) => nginxService,
  parameters: z.object({ ...certificatePlace, ...stack, nginxService: serviceName }),
  facts: z.object({
    running: z.boolean(),
    /** Whether the old certificate and key had to be put back. */
    restored: z.boolean(),
  }),
  timeout: '4m',
  byHand: 'docker-compose -f docker-compose.prod.yml start nginx',
});
