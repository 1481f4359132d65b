import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';
import type { Service } from './protocol/service.ts';

/** Security Token Service: everyone is the local account's root. Roles can't be assumed. */
export const securityTokenService: Service = {
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: {
    GetCallerIdentity: () => ({ UserId: LOCAL_ACCOUNT, Account: LOCAL_ACCOUNT, Arn: `arn:aws:iam::${LOCAL_ACCOUNT}:root` }),
  },
};
