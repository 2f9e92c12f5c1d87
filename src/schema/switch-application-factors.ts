import { MFA_FACTOR_TYPES, toMfaFactorType } from '../mfa/factor.ts'
import { type MfaFailure, under } from '../mfa/failure.ts'
import { findApplicationWarnings } from '../policy/policy-warnings.ts'
import type {
  ApplicationChange,
  MadeApplicationChange,
  PreviewedApplicationChange,
} from '../policy/switch-application-factors.ts'
import { MfaApplicationType } from './application.ts'
import { builder } from './builder.ts'
import { MfaWarningType } from './change-parts.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { MfaFactorTypeEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { FACTOR_CHANGE_DESCRIPTIONS } from './inputs.ts'
import { challengeForStepUp, onRecord } from './set-refusals.ts'

const SwitchMfaApplicationFactorsSuccessType = builder
  .objectRef<MadeApplicationChange>('SwitchMfaApplicationFactorsSuccess')
  .implement({
    extensions: { needs: 'ANY_SCOPE' },
    description: 'GenAuth confirmed the change of the application.',
    fields: t => ({
      application: t.field({
        type: MfaApplicationType,
        description: 'The application, as it was read before the change.',
        resolve: ({ application }) => application,
      }),
      enabledFactors: t.field({
        type: [MfaFactorTypeEnum],
        description:
          'The factors that the application has on, as GenAuth replied to this very write, in the order of `MfaFactorType`. There is no call that reads them.',
        resolve: ({ codes }) => MFA_FACTOR_TYPES.filter(type => codes.includes(type)),
      }),
      otherFactors: t.stringList({
        description:
          'The names in GenAuth of the factors in that reply that this version does not know. They are never changed.',
        resolve: ({ codes }) => codes.filter(code => toMfaFactorType(code) === null),
      }),
      applied: t.boolean({
        description:
          '`true`, because a write was sent and GenAuth confirmed it. It is here for pages that show it for other changes, too.',
        resolve: () => true,
      }),
      requestId: t.string({
        description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
        resolve: (_change, _args, context) => context.requestId,
      }),
      warnings: t.field({
        type: [MfaWarningType],
        description: 'Warnings about the change. It costs no call.',
        resolve: findApplicationWarnings,
      }),
    }),
  })

const SwitchMfaApplicationFactorsPreviewType = builder
  .objectRef<PreviewedApplicationChange>('SwitchMfaApplicationFactorsPreview')
  .implement({
    extensions: { needs: 'ANY_SCOPE' },
    description:
      'The change of the application could be sent. Nothing was written. The factors that it would have are not known, because GenAuth has no call that reads them.',
    fields: t => ({
      application: t.field({
        type: MfaApplicationType,
        description: 'The application.',
        resolve: ({ application }) => application,
      }),
      requestId: t.string({
        description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
        resolve: (_change, _args, context) => context.requestId,
      }),
      warnings: t.field({
        type: [MfaWarningType],
        description: 'Warnings about the change. It costs no call.',
        resolve: findApplicationWarnings,
      }),
    }),
  })

const SwitchMfaApplicationFactorsPayload = builder.unionType('SwitchMfaApplicationFactorsPayload', {
  description:
    'The result of a change of an application: a success, a preview if `dryRun` was `true`, or the failure. Also select `... on MfaError { code message }`.',
  types: [
    SwitchMfaApplicationFactorsSuccessType,
    SwitchMfaApplicationFactorsPreviewType,
    ...errorTypesOf([
      'INVALID_INPUT',
      'APPLICATION_NOT_FOUND',
      'POLICY_VIOLATION',
      'STEP_UP_REQUIRED',
      'PLAN_REQUIRED',
      'UPSTREAM_FORBIDDEN',
      'CONFLICT',
      'OPERATION_REFUSED',
      'RATE_LIMITED',
      'UPSTREAM_UNAVAILABLE',
    ]),
  ],
  resolveType(value: ApplicationChange | MfaFailure) {
    if (value.kind === 'APPLICATION_CHANGED') return SwitchMfaApplicationFactorsSuccessType
    return value.kind === 'APPLICATION_PREVIEWED'
      ? SwitchMfaApplicationFactorsPreviewType
      : toErrorType(value)
  },
})

const SwitchMfaApplicationFactorsInput = builder.inputType('SwitchMfaApplicationFactorsInput', {
  description: 'The application, and the factors to switch. One list must name a factor.',
  fields: t => ({
    applicationId: t.id({
      required: true,
      description: "GenAuth's own id of the application, as `mfaApplications` lists it.",
    }),
    enable: t.field({
      type: [MfaFactorTypeEnum],
      description: 'The factors to switch on. All others are kept. Left out and `null` mean the same: none.',
    }),
    disable: t.field({
      type: [MfaFactorTypeEnum],
      description:
        'The factors to switch off for everybody who signs in to the application. No factor may stand in both lists. Left out and `null` mean the same: none.',
    }),
    reason: t.string({ description: FACTOR_CHANGE_DESCRIPTIONS.reason }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Set to `true` to preview the change: the result is a `SwitchMfaApplicationFactorsPreview`, or the refusal that the change would meet. Nothing is written.',
    }),
  }),
})

builder.mutationField('switchMfaApplicationFactors', t =>
  t.field({
    type: SwitchMfaApplicationFactorsPayload,
    extensions: { needs: 'POLICY' },
    directives: { tag: { name: 'admin' }, cost: { weight: 20 } },
    description:
      'Switches factors of an application on and off, for everybody who signs in to it. You need the scope for policies. Factors that are not named are kept. GenAuth has no call that reads the factors of an application. So there are no differences, and a write whose reply was lost stays in doubt. With `dryRun` the result is a preview. It costs two calls to GenAuth, or one for a preview. Safe to repeat: the same change twice gives the same state.',
    args: {
      input: t.arg({
        type: SwitchMfaApplicationFactorsInput,
        required: true,
        description: 'The application, and the factors to switch.',
      }),
    },
    resolve: async (_root, { input }, context): Promise<ApplicationChange | MfaFailure> => {
      const wanted = {
        applicationId: `${input.applicationId}`,
        enable: input.enable ?? [],
        disable: input.disable ?? [],
        reason: input.reason ?? null,
        dryRun: input.dryRun,
      }
      const result = await onRecord(() => context.policy.switchApplicationFactors(wanted))
      if (result.ok) return result.value
      countRefusedInput(result.failure, context)
      challengeForStepUp(result.failure, context)
      return under(['input'], result.failure)
    },
  }),
)
