import type { ObjectFieldBuilder } from '@pothos/core'
import { isBound, type MfaBindings, toPosture } from '../mfa/bindings.ts'
import { inSignInOrder, type MfaFactor, toMfaFactorType } from '../mfa/factor.ts'
import type { SeenMfa } from '../mfa/failure-details.ts'
import { maskEmail, maskPhone } from '../mfa/mask.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { MfaFactorTypeEnum, MfaPostureEnum } from './enums.ts'
import { orUnavailable } from './unavailable.ts'

interface MfaFactorSource {
  readonly user: UserRef
  readonly factor: MfaFactor
}

const MfaFactorObject = builder.objectRef<MfaFactorSource>('MfaFactor').implement({
  extensions: { needs: 'READ' },
  description: "One second factor in a user's list.",
  fields: t => ({
    code: t.string({
      description:
        'The name of the factor in GenAuth (`mfaPolicy`). A factor that this version does not know is shown, too.',
      resolve: ({ factor }) => factor.code,
    }),
    type: t.field({
      type: MfaFactorTypeEnum,
      nullable: true,
      description:
        'The factor as a type. `null` if this version does not know the `code`. A change keeps such a factor, unless `mfaToken` and `factors` replace the whole state.',
      resolve: ({ factor }) => toMfaFactorType(factor.code),
    }),
    enabled: t.boolean({
      description:
        "`true` if the factor is switched on (`status`). `bound` says whether the user really has it. GenAuth's own sign-in pages may offer a factor that is off.",
      resolve: ({ factor }) => factor.enabled,
    }),
    sort: t.int({
      description:
        'The place in the sign-in order. The smallest is offered first. Several factors may have the same number.',
      resolve: ({ factor }) => toInt(factor.sort),
    }),
    bound: t.boolean({
      nullable: true,
      // The factors of the user share one call.
      directives: { cost: { weight: 3 } },
      description:
        '`true` if the user has really bound the factor. `null` if GenAuth cannot tell. Also `null` if GenAuth could not be asked: the error at this path then has the code `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED`. Costs one more read for each user, which counts for the caller.',
      resolve: async ({ factor, user }, _args, { mfa: { reads } }) =>
        toMfaFactorType(factor.code) === null
          ? null
          : isBound(factor, orUnavailable(await reads.bindings(user))),
    }),
  }),
})

const MAX_INT = 2_147_483_647

/**
 * Fits a number into GraphQL's Int. GenAuth's schema says "number", and one that is too large must not turn a whole
 * list into `null`.
 */
export function toInt(sort: number): number {
  return Math.max(-MAX_INT, Math.min(MAX_INT, Math.trunc(sort)))
}

type StateFieldBuilder = ObjectFieldBuilder<typeof builder.$inferSchemaTypes, SeenMfa>

/** The fields that a stored state and a previewed one have in common. */
export const stateFields = (t: StateFieldBuilder) => ({
  factors: t.field({
    type: [MfaFactorObject],
    directives: { listSize: { assumedSize: 4 } },
    description:
      "All factors in sign-in order: by `sort`, and by GenAuth's own order where `sort` is the same.",
    resolve: ({ user, state }) => inSignInOrder(state.factors).map(factor => ({ user, factor })),
  }),
  posture: t.field({
    type: MfaPostureEnum,
    nullable: true,
    directives: { cost: { weight: 10 } },
    description:
      'How well the user is protected. `null` if GenAuth could not be asked: the error at this path then has the code `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED`. If any factor is on, this costs one more read, which counts for the caller.',
    resolve: async ({ user, state }, _args, { mfa: { reads } }) =>
      state.factors.some(factor => factor.enabled)
        ? toPosture(state.factors, orUnavailable<MfaBindings>(await reads.bindings(user)))
        : 'UNPROTECTED',
  }),
  phone: t.string({
    nullable: true,
    description:
      'The phone that SMS codes go to (`mfaPhone`), masked. Of eleven or more characters, the first three and the last four are shown. Of six or more, the last two are shown. `null` if none is set.',
    resolve: ({ state }) => (state.mfaPhone ? maskPhone(state.mfaPhone) : null),
  }),
  phoneCountryCode: t.string({
    nullable: true,
    description:
      'The country code of `phone` (`mfaPhoneCountryCode`), for example `+86`. `null` if none is set.',
    resolve: ({ state }) => state.mfaPhoneCountryCode || null,
  }),
  email: t.string({
    nullable: true,
    description:
      'The address that e-mail codes go to (`mfaEmail`), masked: its first character and its domain. `null` if none is set.',
    resolve: ({ state }) => (state.mfaEmail ? maskEmail(state.mfaEmail) : null),
  }),
  totpMfaEnabled: t.boolean({
    nullable: true,
    description:
      '`true` if GenAuth has stored that this user has enrolled an authenticator app. `null` if GenAuth does not say.',
    resolve: ({ state }) => state.totpMfaEnabled,
  }),
  faceMfaEnabled: t.boolean({
    nullable: true,
    description:
      '`true` if GenAuth has stored that this user has enrolled a face. `null` if GenAuth does not say.',
    resolve: ({ state }) => state.faceMfaEnabled,
  }),
})
