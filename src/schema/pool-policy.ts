import { MFA_FACTOR_TYPES, type MfaFactorType } from '../mfa/factor.ts'
import { type MfaFailure, under } from '../mfa/failure.ts'
import type { MfaPoolPolicy } from '../mfa/pool-policy.ts'
import { findPoolWarnings } from '../policy/policy-warnings.ts'
import type { MadePoolChange, PoolChange, PreviewedPoolChange } from '../policy/set-pool-policy.ts'
import { builder } from './builder.ts'
import { MfaWarningType } from './change-parts.ts'
import type { GraphQLContext } from './context.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { MfaChangeEffectEnum, MfaFactorTypeEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { FACTOR_CHANGE_DESCRIPTIONS } from './inputs.ts'
import { MfaPoolPolicyType } from './pool-policy-type.ts'
import { challengeForStepUp, onRecord } from './set-refusals.ts'

/** One factor of the pool that is switched. */
interface PolicyFactorChange {
  readonly type: MfaFactorType
  readonly before: boolean
  readonly after: boolean
}

const MfaPolicyFactorChangeType = builder.objectRef<PolicyFactorChange>('MfaPolicyFactorChange').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description: 'A factor that a change of the user pool switches on or off.',
  fields: t => ({
    type: t.expose('type', { type: MfaFactorTypeEnum, description: 'The factor.' }),
    before: t.exposeBoolean('before', { description: '`true` if it was on before the change.' }),
    after: t.exposeBoolean('after', { description: '`true` if it is on after the change.' }),
  }),
})

function toChanges({ before, after }: PoolChange): PolicyFactorChange[] {
  return MFA_FACTOR_TYPES.map(type => ({
    type,
    before: before.enabledFactors.includes(type),
    after: after.enabledFactors.includes(type),
  })).filter(change => change.before !== change.after)
}

async function resolvePoolWarnings(change: PoolChange, _args: object, { policy }: GraphQLContext) {
  return findPoolWarnings(change, await policy.countUnboundUsers())
}

const SetMfaPoolPolicySuccessType = builder.objectRef<MadePoolChange>('SetMfaPoolPolicySuccess').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description: 'The user pool has exactly the wanted factors on, as a read has shown.',
  fields: t => ({
    policy: t.field({
      type: MfaPoolPolicyType,
      description: 'The factors that are on now.',
      resolve: ({ after }) => after,
    }),
    changes: t.field({
      type: [MfaPolicyFactorChangeType],
      description: 'The factors that were switched. Empty if nothing needed to change.',
      resolve: toChanges,
    }),
    changed: t.boolean({
      description: '`true` if the factors after differ from the factors before.',
      resolve: ({ before, after }) => before.revision !== after.revision,
    }),
    applied: t.exposeBoolean('applied', {
      description: '`true` if a write was sent. `false` if nothing needed to change.',
    }),
    verified: t.boolean({
      description:
        '`true`, because the factors were read after the change. It is here for pages that show it for users, too.',
      resolve: () => true,
    }),
    effects: t.field({
      type: [MfaChangeEffectEnum],
      description: '`WEAKENING` if a factor was switched off for everybody. Otherwise the list is empty.',
      resolve: ({ effects }) => [...effects],
    }),
    requestId: t.string({
      description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
      resolve: (_change, _args, context) => context.requestId,
    }),
    warnings: t.field({
      type: [MfaWarningType],
      description: 'Warnings about the policy. It costs no call.',
      resolve: resolvePoolWarnings,
    }),
  }),
})

const SetMfaPoolPolicyPreviewType = builder
  .objectRef<PreviewedPoolChange>('SetMfaPoolPolicyPreview')
  .implement({
    extensions: { needs: 'ANY_SCOPE' },
    description: 'The result that a change of the user pool would have. Nothing was written.',
    fields: t => ({
      expectedRevision: t.string({
        description:
          'The revision of the factors that the preview was made from. Send it with the change itself: if they have changed since, the change is refused with `MfaPoolPolicyConflictError`.',
        resolve: ({ before }) => before.revision,
      }),
      enabledFactors: t.field({
        type: [MfaFactorTypeEnum],
        description: 'The factors that would be on, in the order of `MfaFactorType`.',
        resolve: ({ after }) => [...after.enabledFactors],
      }),
      otherFactors: t.stringList({
        description: 'The factors that would stay on and that this version does not know.',
        resolve: ({ after }) => [...after.otherFactors],
      }),
      changes: t.field({
        type: [MfaPolicyFactorChangeType],
        description: 'The factors that would be switched. Empty if the change would write nothing.',
        resolve: toChanges,
      }),
      changed: t.boolean({
        description: '`true` if the change would write anything.',
        resolve: ({ before, after }) => before.revision !== after.revision,
      }),
      effects: t.field({
        type: [MfaChangeEffectEnum],
        description:
          '`WEAKENING` if a factor would be switched off for everybody. Otherwise the list is empty.',
        resolve: ({ effects }) => [...effects],
      }),
      requestId: t.string({
        description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
        resolve: (_change, _args, context) => context.requestId,
      }),
      warnings: t.field({
        type: [MfaWarningType],
        description: 'Warnings about the policy as it would be. It costs no call.',
        resolve: resolvePoolWarnings,
      }),
    }),
  })

const MfaPoolPolicyPayload = builder.unionType('MfaPoolPolicyPayload', {
  description:
    'The factors that the user pool has on, or the failure that explains why they were not read. Also select `... on MfaError { code message }`.',
  types: [
    MfaPoolPolicyType,
    ...errorTypesOf([
      'PLAN_REQUIRED',
      'UPSTREAM_FORBIDDEN',
      'OPERATION_REFUSED',
      'RATE_LIMITED',
      'UPSTREAM_UNAVAILABLE',
    ]),
  ],
  resolveType: value => toErrorType(value) ?? MfaPoolPolicyType,
})

const SetMfaPoolPolicyPayload = builder.unionType('SetMfaPoolPolicyPayload', {
  description:
    'The result of a change of the user pool: a success, a preview if `dryRun` was `true`, or the failure. Also select `... on MfaError { code message }`.',
  types: [
    SetMfaPoolPolicySuccessType,
    SetMfaPoolPolicyPreviewType,
    ...errorTypesOf([
      'INVALID_INPUT',
      'POOL_POLICY_CONFLICT',
      'POLICY_VIOLATION',
      'STEP_UP_REQUIRED',
      'PLAN_REQUIRED',
      'UPSTREAM_FORBIDDEN',
      'CONFLICT',
      'OPERATION_REFUSED',
      'RATE_LIMITED',
      'POLICY_UNAVAILABLE',
    ]),
  ],
  resolveType(value: PoolChange | MfaFailure) {
    if (value.kind === 'POOL_CHANGED') return SetMfaPoolPolicySuccessType
    return value.kind === 'POOL_PREVIEWED' ? SetMfaPoolPolicyPreviewType : toErrorType(value)
  },
})

const SetMfaPoolPolicyInput = builder.inputType('SetMfaPoolPolicyInput', {
  description: 'The factors that the user pool is to have on.',
  fields: t => ({
    enabledFactors: t.field({
      type: [MfaFactorTypeEnum],
      required: true,
      description:
        'The whole list: a factor that is left out is switched off for everybody. Each factor stands in it at most once. Factors that this version does not know are kept.',
    }),
    expectedRevision: t.string({
      description:
        'The `MfaPoolPolicy.revision` that the factors must still have. Otherwise the change fails with `MfaPoolPolicyConflictError`.',
    }),
    allowNoFactor: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Set to `true` to allow leaving the user pool without a factor that this version knows. Otherwise an empty list fails with `MfaPolicyViolationError`.',
    }),
    reason: t.string({ description: FACTOR_CHANGE_DESCRIPTIONS.reason }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Set to `true` to preview the change: the result is a `SetMfaPoolPolicyPreview`, or the refusal that the change would meet. Nothing is written.',
    }),
  }),
})

builder.queryField('mfaPoolPolicy', t =>
  t.field({
    type: MfaPoolPolicyPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 10 } },
    description:
      'Reads the factors that the whole user pool has on. It costs one call to GenAuth, and counts as a read. Safe to repeat.',
    resolve: async (_root, _args, { policy }): Promise<MfaPoolPolicy | MfaFailure> => {
      const read = await policy.readPoolPolicy()
      return read.ok ? read.value : read.failure
    },
  }),
)

builder.mutationField('setMfaPoolPolicy', t =>
  t.field({
    type: SetMfaPoolPolicyPayload,
    extensions: { needs: 'POLICY' },
    directives: { tag: { name: 'admin' }, cost: { weight: 50 } },
    description:
      'Makes the user pool have exactly these factors on, for everybody. Factors that this version does not know stay as they are. You need the scope for policies. The factors are read first, and if nothing would change, nothing is written. Missing factors are switched on before others are switched off, and the factors are read after each of the two steps. It returns a success only if the last read shows what was wanted. With `dryRun` the result is a preview. It costs one call if nothing changes or for a preview, otherwise three or five. Safe to repeat: the same change twice gives the same state.',
    args: {
      input: t.arg({
        type: SetMfaPoolPolicyInput,
        required: true,
        description: 'The factors that the user pool is to have on.',
      }),
    },
    resolve: async (_root, { input }, context): Promise<PoolChange | MfaFailure> => {
      const wanted = {
        ...input,
        expectedRevision: input.expectedRevision ?? null,
        reason: input.reason ?? null,
      }
      const result = await onRecord(() => context.policy.setPoolPolicy(wanted))
      if (result.ok) return result.value
      countRefusedInput(result.failure, context)
      challengeForStepUp(result.failure, context)
      return under(['input'], result.failure)
    },
  }),
)
