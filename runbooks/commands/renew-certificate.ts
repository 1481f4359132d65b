import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { certificateOutcome, certificatePlace } from './certificate-place.ts';

export const renewCertificate = hostCommand('renew-certificate', {
  title: 'Renew the certificate while nginx goes on',
  // A reload loses no connection.
  safety: 'routine',
  verb: 'renew-certificate',
  resource: ({ domain }) => domain,
  parameters: z.object(certificatePlace),
  facts: certificateOutcome,
  timeout: '8m',
  byHand:
    'certbot renew --cert-name yourdomain.com; cp /etc/letsencrypt/live/yourdomain.com/{fullchain,privkey}.pem nginx/ssl/; docker exec sira_nginx_prod nginx -t && docker exec sira_nginx_prod nginx -s reload',
});
