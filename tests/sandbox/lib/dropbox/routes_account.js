// SPDX-License-Identifier: Apache-2.0
// users/*, check/* and auth/token/revoke.

import { json } from '../kernel/reply.js';
import { string, struct, withDefault } from './schema.js';

const echoArgument = struct({ query: withDefault(string({ max: 500 }), '') });

export const accountRoutes = {
  'users/get_current_account': {
    style: 'rpc', scope: 'account_info.read',
    run: (call) => json(200, call.account.describe()),
  },
  'users/get_space_usage': {
    style: 'rpc', scope: 'account_info.read',
    run: (call) => json(200, call.account.spaceUsage()),
  },
  'check/user': {
    style: 'rpc', scope: 'account_info.read', argument: echoArgument,
    run: (call) => json(200, { result: call.argument.query }),
  },
  'auth/token/revoke': {
    style: 'rpc',
    run: (call) => {
      call.cloud.grants.revoke(call.grant);
      return json(200, null);
    },
  },
};
