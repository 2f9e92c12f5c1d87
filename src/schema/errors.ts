import {
  isRetryable,
  type MfaFailure,
  type MfaFailureKind,
  type MfaFailureOf,
  toPublicMessage,
} from '../mfa/failure.ts'
import { builder } from './builder.ts'
import {
  MfaChangeEffectEnum,
  MfaPolicyRuleEnum,
  MfaRateLimitOriginEnum,
  MfaWriteOutcomeEnum,
} from './enums.ts'
import { UserMfaType } from './user-mfa.ts'

const CODE_DESCRIPTIONS: Readonly<Record<MfaFailureKind, string>> = {
  INVALID_INPUT: 'A value of the input is at fault: `MfaInvalidInputError`.',
  USER_NOT_FOUND: 'No such user: `MfaUserNotFoundError`.',
  AMBIGUOUS_USER: 'The identifier may name somebody else: `MfaAmbiguousUserError`.',
  PLAN_REQUIRED: 'The GenAuth plan lacks this call: `MfaPlanRequiredError`.',
  UPSTREAM_FORBIDDEN: 'The access key lacks the right: `MfaUpstreamForbiddenError`.',
  CONFLICT: 'The change clashes with what is stored: `MfaConflictError`.',
  REVISION_CONFLICT: 'The state is not the expected one: `MfaRevisionConflictError`.',
  POLICY_VIOLATION: 'A guard rail of this service refuses: `MfaPolicyViolationError`.',
  STEP_UP_REQUIRED: 'A fresh sign-in is needed: `MfaStepUpRequiredError`.',
  DUPLICATE_USER: 'The user stands in the list twice: `MfaDuplicateUserError`.',
  NOT_ATTEMPTED: 'One before it failed: `MfaNotAttemptedError`.',
  OPERATION_REFUSED: 'GenAuth refuses the operation: `MfaOperationRefusedError`.',
  RATE_LIMITED: 'Too many requests: `MfaRateLimitedError`.',
  UPSTREAM_UNAVAILABLE: 'GenAuth cannot be used: `MfaUpstreamUnavailableError`.',
}

const MfaErrorCodeEnum = builder.enumType('MfaErrorCode', {
  description: 'The kind of an `MfaError`, stable across versions; new ones may be added.',
  values: Object.fromEntries(
    Object.entries(CODE_DESCRIPTIONS).map(([code, description]) => [code, { description }]),
  ) as Record<MfaFailureKind, { description: string }>,
})

const FieldErrorType = builder
  .objectRef<MfaFailureOf<'INVALID_INPUT'>['fieldErrors'][number]>('MfaFieldError')
  .implement({
    extensions: { needs: 'READ' },
    description: 'One value that is at fault.',
    fields: t => ({
      path: t.stringList({
        description:
          'Where it stands, from the argument down: `["input", "factors", "0", "sort"]`. List positions count from 0.',
        resolve: fault => [...fault.path],
      }),
      message: t.exposeString('message', {
        description: 'What is wrong with it, for developers. Never repeats the value.',
      }),
    }),
  })

/** Every failure that a payload union can hold. */
export const MfaErrorInterface = builder.interfaceRef<MfaFailure>('MfaError').implement({
  description:
    'What every error in a payload has. Select `... on MfaError { code message }` in every document: an error type that is added later then still reaches you.',
  fields: t => ({
    code: t.field({
      type: MfaErrorCodeEnum,
      description: 'The kind of error, for programs.',
      resolve: failure => failure.kind,
    }),
    message: t.string({
      description: "What happened, in English, for people. Always this service's own words, never GenAuth's.",
      resolve: toPublicMessage,
    }),
    retryable: t.boolean({
      description:
        'Whether the same request may succeed later. A set without `mfaToken` reads the state first, so repeating it writes nothing that is so already.',
      resolve: isRetryable,
    }),
    requestId: t.string({
      description: 'This request, as in the `x-request-id` header and in the logs of this service.',
      resolve: (_failure, _args, context) => context.requestId,
    }),
    upstreamStatusCode: t.int({
      nullable: true,
      description: "GenAuth's `statusCode`. Null when GenAuth was not asked or gave no answer of its own.",
      resolve: failure => failure.upstream?.statusCode,
    }),
    upstreamApiCode: t.int({
      nullable: true,
      description: "GenAuth's finer `apiCode`. Null when it gave none.",
      resolve: failure => failure.upstream?.apiCode,
    }),
    upstreamRequestId: t.string({
      nullable: true,
      description: "GenAuth's `requestId`, for its support. Null when it gave none.",
      resolve: failure => failure.upstream?.requestId,
    }),
  }),
})

const InvalidInput = builder.objectRef<MfaFailureOf<'INVALID_INPUT'>>('MfaInvalidInputError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    'A value of the input is at fault, found here or by GenAuth (`statusCode` 400). Nothing was changed. Not worth repeating as it is.',
  fields: t => ({
    fieldErrors: t.field({
      type: [FieldErrorType],
      description:
        'Each value at fault. GenAuth does not say which one it means, so what it refuses names the nearest one known.',
      resolve: failure => [...failure.fieldErrors],
    }),
  }),
})

const UserNotFound = builder.objectRef<MfaFailureOf<'USER_NOT_FOUND'>>('MfaUserNotFoundError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    'GenAuth knows no user with this identifier (`statusCode` 404, or `apiCode` 2004 with any status). Nothing was changed.',
})

const AmbiguousUser = builder.objectRef<MfaFailureOf<'AMBIGUOUS_USER'>>('MfaAmbiguousUserError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    "The identifier may name somebody else. GenAuth's reply shows a user with another phone, e-mail address, user name, external id or identity, or two users who share it. Nothing was changed. Name the user by `USER_ID`, or by another type.",
})

const PlanRequired = builder.objectRef<MfaFailureOf<'PLAN_REQUIRED'>>('MfaPlanRequiredError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    'The plan of the user pool does not include this call (`statusCode` 402 or `apiCode` 4021). Nothing was changed; an administrator of GenAuth must act.',
})

const UpstreamForbidden = builder
  .objectRef<MfaFailureOf<'UPSTREAM_FORBIDDEN'>>('MfaUpstreamForbiddenError')
  .implement({
    extensions: { needs: 'READ' },
    interfaces: [MfaErrorInterface],
    description:
      "This service's own access key lacks the right (`statusCode` 403). Not a matter of the caller's rights. Nothing was changed.",
  })

const Conflict = builder.objectRef<MfaFailureOf<'CONFLICT'>>('MfaConflictError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    'GenAuth says that the change clashes with what is stored (`statusCode` 409). Nothing was changed.',
})

const RevisionConflict = builder
  .objectRef<MfaFailureOf<'REVISION_CONFLICT'>>('MfaRevisionConflictError')
  .implement({
    extensions: { needs: 'READ' },
    interfaces: [MfaErrorInterface],
    description:
      'The state is not the one of `expectedRevision`, or the revision is one of another user or of version 0.1. Nothing was changed. Show `current`, let the operator decide, and set again with its revision.',
    fields: t => ({
      current: t.field({
        type: UserMfaType,
        description: 'The state as it is now, its revision included.',
        resolve: ({ current }) => current,
      }),
    }),
  })

const PolicyViolation = builder
  .objectRef<MfaFailureOf<'POLICY_VIOLATION'>>('MfaPolicyViolationError')
  .implement({
    extensions: { needs: 'READ' },
    interfaces: [MfaErrorInterface],
    description: 'A guard rail of this service refuses. Nothing was changed, and GenAuth was not asked to.',
    fields: t => ({
      rule: t.expose('rule', { type: MfaPolicyRuleEnum, description: 'Which guard rail it is.' }),
      effects: t.field({
        type: [MfaChangeEffectEnum],
        description: 'The effects that the change was judged to have. The list is empty if it has none.',
        resolve: ({ effects }) => [...effects],
      }),
    }),
  })

const StepUpRequired = builder
  .objectRef<MfaFailureOf<'STEP_UP_REQUIRED'>>('MfaStepUpRequiredError')
  .implement({
    extensions: { needs: 'READ' },
    interfaces: [MfaErrorInterface],
    description:
      'The change weakens or redirects MFA, and the caller has not signed in freshly or strongly enough. Nothing was changed. Send the caller to sign in again with these values (RFC 9470; the same stand in the `WWW-Authenticate` header), then repeat with the new token.',
    fields: t => ({
      acrValues: t.stringList({
        description: 'Any of these `acr` values will do. Empty: any.',
        resolve: ({ acrValues }) => [...acrValues],
      }),
      maxAgeS: t.exposeInt('maxAgeS', { description: 'The sign-in may be this old, in seconds.' }),
      effects: t.field({
        type: [MfaChangeEffectEnum],
        description: 'The effects that the change was judged to have.',
        resolve: ({ effects }) => [...effects],
      }),
    }),
  })

const DuplicateUser = builder.objectRef<MfaFailureOf<'DUPLICATE_USER'>>('MfaDuplicateUserError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    'The same user stands earlier in the list, perhaps by another identifier, and is set once, there.',
  fields: t => ({
    firstIndex: t.exposeInt('firstIndex', {
      description: 'Where in the list the user was named first, counted from 0.',
    }),
  }),
})

const NotAttempted = builder.objectRef<MfaFailureOf<'NOT_ATTEMPTED'>>('MfaNotAttemptedError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description:
    'With `onError: STOP`: a user before this one failed. Nothing was changed, and nothing was sent.',
})

const OperationRefused = builder
  .objectRef<MfaFailureOf<'OPERATION_REFUSED'>>('MfaOperationRefusedError')
  .implement({
    extensions: { needs: 'READ' },
    interfaces: [MfaErrorInterface],
    description:
      'GenAuth understood and refuses: a business rule, a locked or disabled user (`statusCode` 413, 422, 499 and other 4xx, `apiCode` 2005 and 2120008, or `success: false`). Nothing was changed.',
  })

const RateLimited = builder.objectRef<MfaFailureOf<'RATE_LIMITED'>>('MfaRateLimitedError').implement({
  extensions: { needs: 'READ' },
  interfaces: [MfaErrorInterface],
  description: 'Too many requests (`statusCode` or HTTP status 429). Nothing was changed; repeat later.',
  fields: t => ({
    retryAfterMs: t.exposeInt('retryAfterMs', {
      nullable: true,
      description: 'Milliseconds to wait before a repeat. Null when nobody said.',
    }),
    origin: t.expose('origin', { type: MfaRateLimitOriginEnum, description: 'Whose limit it is.' }),
  }),
})

const UpstreamUnavailable = builder
  .objectRef<MfaFailureOf<'UPSTREAM_UNAVAILABLE'>>('MfaUpstreamUnavailableError')
  .implement({
    extensions: { needs: 'READ' },
    interfaces: [MfaErrorInterface],
    description:
      'GenAuth could not be reached, did not answer in time, answered something unusable, or refuses the credentials of this service; or the change needs a lock that replicas share, and they cannot share it at the moment. After a write, `outcome` says whether it may have happened; a write in doubt is read back once, and `observed` is what was found.',
    fields: t => ({
      outcome: t.expose('outcome', {
        type: MfaWriteOutcomeEnum,
        nullable: true,
        description: 'For a write: what is known about it. Null for a read.',
      }),
      observed: t.field({
        type: UserMfaType,
        nullable: true,
        description:
          'The state as it was read after a write in doubt. Null for a read, where the write was never sent, and where the state could not be read either.',
        resolve: ({ observed }) => observed,
      }),
    }),
  })

const ERROR_TYPES = {
  INVALID_INPUT: InvalidInput,
  USER_NOT_FOUND: UserNotFound,
  AMBIGUOUS_USER: AmbiguousUser,
  PLAN_REQUIRED: PlanRequired,
  UPSTREAM_FORBIDDEN: UpstreamForbidden,
  CONFLICT: Conflict,
  REVISION_CONFLICT: RevisionConflict,
  POLICY_VIOLATION: PolicyViolation,
  STEP_UP_REQUIRED: StepUpRequired,
  DUPLICATE_USER: DuplicateUser,
  NOT_ATTEMPTED: NotAttempted,
  OPERATION_REFUSED: OperationRefused,
  RATE_LIMITED: RateLimited,
  UPSTREAM_UNAVAILABLE: UpstreamUnavailable,
} satisfies Record<MfaFailureKind, unknown>

/** The object types of some kinds of failure, as members of a union. */
export function errorTypesOf(kinds: readonly MfaFailureKind[]) {
  return kinds.map(kind => ERROR_TYPES[kind])
}

/** Whether a member of a payload union is a failure, and of which type. */
export function toErrorType(value: object) {
  return isFailure(value) ? ERROR_TYPES[value.kind] : null
}

function isFailure(value: object): value is MfaFailure {
  return 'kind' in value && typeof value.kind === 'string' && value.kind in ERROR_TYPES
}

/** Kinds that a read can end in; a write can end in every kind. */
export const READ_FAILURE_KINDS = [
  'INVALID_INPUT',
  'USER_NOT_FOUND',
  'AMBIGUOUS_USER',
  'PLAN_REQUIRED',
  'UPSTREAM_FORBIDDEN',
  'OPERATION_REFUSED',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
] as const satisfies readonly MfaFailureKind[]

/** Every error type: what a write can end in. */
export function allErrorTypes() {
  return Object.values(ERROR_TYPES)
}
