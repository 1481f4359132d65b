import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { certificateOutcome, certificatePlace } from './certificate-place.ts';

export const installCertificate = hostCommand('install-certificate', {
  title: 'Have nginx take up the renewed certificate',
  safety: 'routine',
  verb: 'install-certificate',
  resource: ({ domain }) => domain,
  parameters: z.object(certificatePlace),
  facts: certificateOutcome,
  timeout: '3m',
  byHand:
    'cp /etc/letsencrypt/live/yourdomain.com/{fullchain,privkey}.pem nginx/ssl/; docker exec sira_nginx_prod nginx -t && docker exec sira_nginx_prod nginx -s reload',
});
