import type { GraphQLError } from 'graphql'
import type { MfaFailure } from '../mfa/failure.ts'
import { findApplicationIdFault } from '../policy/find-application-id-fault.ts'
import type { ForecastFactor, ForecastReason, SignInForecast } from '../policy/forecast.ts'
import { toReasonMessage } from '../policy/to-reason-message.ts'
import { MfaApplicationType } from './application.ts'
import { builder } from './builder.ts'
import { codedError, toFailureError } from './coded-error.ts'
import { MfaFactorTypeEnum } from './enums.ts'
import { FORECAST_LIMIT_MESSAGE } from './few-users.ts'
import {
  MfaForecastReasonCodeEnum,
  MfaForecastUnknownEnum,
  MfaForecastVerdictEnum,
} from './forecast-enums.ts'
import { refuseCounted } from './refuse-counted.ts'
import { toInt } from './state-fields.ts'
import { toFieldError } from './unavailable.ts'
import { UserMfaType } from './user-mfa.ts'

const MfaForecastFactorType = builder.objectRef<ForecastFactor>('MfaForecastFactor').implement({
  extensions: { needs: 'READ' },
  description: "A factor that GenAuth's pages would offer at a sign-in.",
  fields: t => ({
    code: t.exposeString('code', { description: 'The name of the factor in GenAuth.' }),
    type: t.expose('type', {
      type: MfaFactorTypeEnum,
      nullable: true,
      description: 'The factor as a type. `null` if this version does not know the `code`.',
    }),
    switchedOn: t.exposeBoolean('switchedOn', {
      description: "`false` if the factor is switched off. GenAuth's pages offer it all the same.",
    }),
    sort: t.int({
      description: 'The place in the order of offers. The smallest is offered first.',
      resolve: ({ sort }) => toInt(sort),
    }),
    bound: t.exposeBoolean('bound', {
      nullable: true,
      description:
        '`true` if the user can pass the factor. SMS and EMAIL need a contact that codes go to, as at the sign-in; OTP and FACE need an enrolment. `null` if that cannot be told.',
    }),
  }),
})

const MfaForecastReasonType = builder.objectRef<ForecastReason>('MfaForecastReason').implement({
  extensions: { needs: 'READ' },
  description: 'A fact from which the verdict follows.',
  fields: t => ({
    code: t.expose('code', { type: MfaForecastReasonCodeEnum, description: 'The fact, for programs.' }),
    factor: t.exposeString('factor', {
      nullable: true,
      description:
        'The `code` of the factor that the fact is about. `null` if it is about the whole sign-in.',
    }),
    message: t.string({
      description: 'The fact as a sentence in English, for people.',
      resolve: ({ code }) => toReasonMessage(code),
    }),
  }),
})

const MfaSignInForecastType = builder.objectRef<SignInForecast>('MfaSignInForecast').implement({
  extensions: { needs: 'READ' },
  description:
    'A forecast of what a person will be asked at a sign-in to an application. It is a forecast, not a promise: GenAuth decides at the sign-in, also by what `unknowns` lists.',
  fields: t => ({
    application: t.expose('application', { type: MfaApplicationType, description: 'The application.' }),
    verdict: t.expose('verdict', {
      type: MfaForecastVerdictEnum,
      description: 'The course that the second step of the sign-in will take.',
    }),
    factors: t.field({
      type: [MfaForecastFactorType],
      directives: { listSize: { assumedSize: 4 } },
      description: "The factors that GenAuth's pages would offer, in the order of offers.",
      resolve: ({ factors }) => [...factors],
    }),
    reasons: t.field({
      type: [MfaForecastReasonType],
      directives: { listSize: { assumedSize: 8 } },
      description:
        'The facts from which the verdict follows: first those of the whole sign-in, then those of each factor.',
      resolve: ({ reasons }) => [...reasons],
    }),
    unknowns: t.field({
      type: [MfaForecastUnknownEnum],
      directives: { listSize: { assumedSize: 6 } },
      description:
        'The parts of GenAuth that also decide at the sign-in and cannot be seen. The list is never empty.',
      resolve: ({ unknowns }) => [...unknowns],
    }),
  }),
})

builder.objectField(UserMfaType, 'forecast', t =>
  t.field({
    type: MfaSignInForecastType,
    nullable: true,
    directives: { cost: { weight: 40 } },
    description:
      'A forecast of what the user will be asked at the sign-in to an application. `null` if a part of it could not be read. The error at this path then has an `MfaErrorCode` as its code, for example `APPLICATION_NOT_FOUND`. It costs three calls to GenAuth, or four if the contacts of the account decide. It costs one more to find a user who was not named by `USER_ID`. Each call counts as a read of the caller. Lists of the user pool are read at most once a minute. At most five users of one operation can have a forecast, otherwise the code is `LIMIT_EXCEEDED`.',
    args: {
      applicationId: t.arg.id({
        required: true,
        description: "GenAuth's own id of the application, as `mfaApplications` lists it.",
      }),
    },
    resolve: async ({ user }, { applicationId }, context): Promise<SignInForecast> => {
      context.forecastUsers.add(user)
      // By then the resolvers of the other users of a list have added theirs, too. Nothing has been read yet.
      await Promise.resolve()
      if (context.forecastUsers.isExceeded) throw codedError('LIMIT_EXCEEDED', FORECAST_LIMIT_MESSAGE)
      const id = `${applicationId}`
      const fault = findApplicationIdFault(id)
      if (fault !== null) return refuseCounted(context, fault)
      const forecast = await context.forecasts.forecast(user, id)
      if (forecast.ok) return forecast.value
      throw toForecastError(forecast.failure)
    },
  }),
)

/** A lasting failure has its own code, because another try does not help. A user who is gone is none of it. */
function toForecastError(failure: MfaFailure): GraphQLError {
  switch (failure.kind) {
    case 'APPLICATION_NOT_FOUND':
    case 'INVALID_INPUT':
    case 'PLAN_REQUIRED':
    case 'UPSTREAM_FORBIDDEN':
      return toFailureError(failure)
    default:
      return toFieldError(failure)
  }
}
