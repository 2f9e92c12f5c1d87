import type { ObjectFieldsShape } from '@pothos/core'
import {
  FAILURE_KINDS,
  FAILURES,
  isRetryable,
  type MfaFailure,
  type MfaFailureKind,
  type MfaFailureOf,
  toPublicMessage,
} from '../mfa/failure.ts'
import { builder } from './builder.ts'
import {
  MfaChangeEffectEnum,
  MfaJobStatusEnum,
  MfaNotRevertibleReasonEnum,
  MfaPolicyRuleEnum,
  MfaRateLimitOriginEnum,
  MfaWriteOutcomeEnum,
} from './enums.ts'
import { MfaPoolPolicyType } from './pool-policy-type.ts'
import { UserMfaType } from './user-mfa.ts'

/** Returns a record with a value for each kind of failure. */
function ofEachKind<T>(toValue: (kind: MfaFailureKind) => T): Readonly<Record<MfaFailureKind, T>> {
  return Object.fromEntries(FAILURE_KINDS.map(kind => [kind, toValue(kind)])) as Record<MfaFailureKind, T>
}

const MfaErrorCodeEnum = builder.enumType('MfaErrorCode', {
  description: 'The kind of an `MfaError`, stable across versions. New kinds may be added.',
  values: ofEachKind(kind => ({
    description: `${FAILURES[kind].cause} Its type is \`${FAILURES[kind].type}\`.`,
  })),
})

const FieldErrorType = builder
  .objectRef<MfaFailureOf<'INVALID_INPUT'>['fieldErrors'][number]>('MfaFieldError')
  .implement({
    extensions: { needs: 'ANY_SCOPE' },
    description: 'One value of the input that is not valid.',
    fields: t => ({
      path: t.stringList({
        description:
          'The place of the value, from the argument down, for example `["input", "factors", "0", "sort"]`. List positions count from 0.',
        resolve: fault => [...fault.path],
      }),
      message: t.exposeString('message', {
        description: 'The fault, for developers. It never repeats the value.',
      }),
    }),
  })

/** Every failure that a payload union can hold. */
const MfaErrorInterface = builder.interfaceRef<MfaFailure>('MfaError').implement({
  description:
    'A failure that a caller can act on. Every error type of a payload implements it. Select `... on MfaError { code message }` in every document, so that error types of later versions reach you, too.',
  fields: t => ({
    code: t.field({
      type: MfaErrorCodeEnum,
      description: 'The kind of the error, for programs.',
      resolve: failure => failure.kind,
    }),
    message: t.string({
      description: "A sentence in English, for people. It is always this server's own, never GenAuth's.",
      resolve: toPublicMessage,
    }),
    retryable: t.boolean({
      description:
        '`true` if the same request may succeed later. A change without `mfaToken` reads the state first, and if nothing would change, nothing is written.',
      resolve: isRetryable,
    }),
    requestId: t.string({
      description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
      resolve: (_failure, _args, context) => context.requestId,
    }),
    upstreamStatusCode: t.int({
      nullable: true,
      description: "GenAuth's `statusCode`. `null` if GenAuth was not asked, or did not reply itself.",
      resolve: failure => failure.upstream?.statusCode,
    }),
    upstreamApiCode: t.int({
      nullable: true,
      description: "GenAuth's `apiCode`, which is finer than its `statusCode`. `null` if it gave none.",
      resolve: failure => failure.upstream?.apiCode,
    }),
    upstreamRequestId: t.string({
      nullable: true,
      description: "GenAuth's own id of the request, for its support. `null` if it gave none.",
      resolve: failure => failure.upstream?.requestId,
    }),
  }),
})

type OwnField<K extends MfaFailureKind> = Exclude<
  keyof MfaFailureOf<K>,
  'kind' | 'upstream' | 'cause' | 'retryable'
>
type KindWithFields = { [K in MfaFailureKind]: OwnField<K> extends never ? never : K }[MfaFailureKind]
type Fields<K extends MfaFailureKind> = ObjectFieldsShape<typeof builder.$inferSchemaTypes, MfaFailureOf<K>>

/** The fields of each kind in addition to those of `MfaError`. */
const FIELDS: { readonly [K in KindWithFields]: Fields<K> } = {
  INVALID_INPUT: t => ({
    fieldErrors: t.field({
      type: [FieldErrorType],
      description:
        'Each value at fault. GenAuth does not say which value it means, so a refusal of its own names the nearest known place.',
      resolve: ({ fieldErrors }) => [...fieldErrors],
    }),
  }),
  REVISION_CONFLICT: t => ({
    current: t.field({
      type: UserMfaType,
      description: 'The state as it is now, with its revision.',
      resolve: ({ current }) => current,
    }),
  }),
  OPERATION_REFUSED: t => ({
    observed: t.field({
      type: MfaPoolPolicyType,
      nullable: true,
      description:
        'The factors of the user pool after the first step of `setMfaPoolPolicy`, if GenAuth cannot do the second: factors may have been switched on. `null` for every other refusal.',
      resolve: ({ observed }) => observed,
    }),
  }),
  POOL_POLICY_CONFLICT: t => ({
    current: t.field({
      type: MfaPoolPolicyType,
      description: 'The factors that are on now, with their revision.',
      resolve: ({ current }) => current,
    }),
  }),
  POLICY_UNAVAILABLE: t => ({
    outcome: t.expose('outcome', {
      type: MfaWriteOutcomeEnum,
      description: 'Whether the change, or a part of it, may have been made.',
    }),
    observed: t.field({
      type: MfaPoolPolicyType,
      nullable: true,
      description: 'The factors that were on when they were read last. `null` if they could not be read.',
      resolve: ({ observed }) => observed,
    }),
  }),
  POLICY_VIOLATION: t => ({
    rule: t.expose('rule', { type: MfaPolicyRuleEnum, description: 'The guard rail that refuses.' }),
    effects: t.field({
      type: [MfaChangeEffectEnum],
      description: 'The effects that the change was judged to have. The list is empty if it has none.',
      resolve: ({ effects }) => [...effects],
    }),
  }),
  STEP_UP_REQUIRED: t => ({
    acrValues: t.stringList({
      description: 'One of these `acr` values is needed. If the list is empty, any value will do.',
      resolve: ({ acrValues }) => [...acrValues],
    }),
    maxAgeS: t.exposeInt('maxAgeS', { description: 'The greatest age of the sign-in, in seconds.' }),
    effects: t.field({
      type: [MfaChangeEffectEnum],
      description: 'The effects that the change was judged to have.',
      resolve: ({ effects }) => [...effects],
    }),
  }),
  DUPLICATE_USER: t => ({
    firstIndex: t.exposeInt('firstIndex', {
      description: 'The index in the list at which the user is named first, counted from 0.',
    }),
  }),
  RATE_LIMITED: t => ({
    retryAfterMs: t.exposeInt('retryAfterMs', {
      nullable: true,
      description: 'Milliseconds to wait before a repeat. `null` if GenAuth does not say.',
    }),
    origin: t.expose('origin', {
      type: MfaRateLimitOriginEnum,
      description: 'The party whose limit was reached.',
    }),
  }),
  WRONG_STATE: t => ({
    status: t.expose('status', { type: MfaJobStatusEnum, description: 'How the scan has ended.' }),
  }),
  NOT_REVERTIBLE: t => ({
    why: t.expose('why', {
      type: MfaNotRevertibleReasonEnum,
      description: 'The reason for which the change cannot be undone.',
    }),
  }),
  UPSTREAM_UNAVAILABLE: t => ({
    outcome: t.expose('outcome', {
      type: MfaWriteOutcomeEnum,
      nullable: true,
      description: 'Whether the change may have been made. `null` for a read.',
    }),
    observed: t.field({
      type: UserMfaType,
      nullable: true,
      description:
        'The state that was read after a write in doubt. `null` for a read, for a write that was never sent, and if the state could not be read either.',
      resolve: ({ observed }) => observed,
    }),
  }),
}

/** Each resolver gets failures of its own kind alone, because `toErrorType` chooses the type by the kind. */
const OWN_FIELDS = FIELDS as Readonly<Partial<Record<MfaFailureKind, Fields<MfaFailureKind>>>>

const ERROR_TYPES = ofEachKind(kind => {
  const { type, cause, detail, advice } = FAILURES[kind]
  return builder.objectRef<MfaFailure>(type).implement({
    extensions: { needs: 'ANY_SCOPE' },
    interfaces: [MfaErrorInterface],
    description: `${cause} ${detail} ${advice}`,
    fields: OWN_FIELDS[kind] ?? (() => ({})),
  })
})

/** Returns the object types of some kinds of failure, as members of a union. */
export function errorTypesOf(kinds: readonly MfaFailureKind[]) {
  return kinds.map(kind => ERROR_TYPES[kind])
}

/** Returns the error type of a member of a payload union, or `null` if the member is no failure. */
export function toErrorType(value: object) {
  return isFailure(value) ? ERROR_TYPES[value.kind] : null
}

function isFailure(value: object): value is MfaFailure {
  return 'kind' in value && typeof value.kind === 'string' && value.kind in ERROR_TYPES
}
