import type { MfaPoolPolicy } from '../mfa/pool-policy.ts'
import { builder } from './builder.ts'
import { MfaFactorTypeEnum } from './enums.ts'

export const MfaPoolPolicyType = builder.objectRef<MfaPoolPolicy>('MfaPoolPolicy').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description:
    'The factors that the whole user pool has on. GenAuth can also skip MFA for an identity source. It has no call that shows this.',
  fields: t => ({
    enabledFactors: t.field({
      type: [MfaFactorTypeEnum],
      description: 'The factors that are on, in the order of `MfaFactorType`.',
      resolve: ({ enabledFactors }) => [...enabledFactors],
    }),
    otherFactors: t.stringList({
      description:
        'The names in GenAuth of the factors that are on and that this version does not know. They are never changed.',
      resolve: ({ otherFactors }) => [...otherFactors],
    }),
    revision: t.exposeString('revision', {
      description:
        'Names this set of factors. If you send it as `expectedRevision`, the change of somebody else in between is not overwritten.',
    }),
  }),
})
