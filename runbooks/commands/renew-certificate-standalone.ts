import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { certificateOutcome, certificatePlace } from './certificate-place.ts';
import { serviceName, stack } from './parameters.ts';

export const renewCertificateStandalone = hostCommand('renew-certificate-standalone', {
  title: 'Renew the certificate with nginx stopped',
  safety: 'disruptive',
  verb: 'renew-certificate',
  resource: ({ domain }) => domain,
  parameters: z.object({ ...certificatePlace, ...stack, nginxService: serviceName }),
  facts: certificateOutcome,
  timeout: '10m',
  byHand:
    'docker-compose -f docker-compose.prod.yml stop nginx; certbot renew --cert-name yourdomain.com; docker-compose -f docker-compose.prod.yml start nginx; cp /etc/letsencrypt/live/yourdomain.com/{fullchain,privkey}.pem nginx/ssl/; docker exec sira_nginx_prod nginx -t && docker exec sira_nginx_prod nginx -s reload',
});
