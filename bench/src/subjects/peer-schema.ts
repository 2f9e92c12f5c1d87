import { buildSchema, type GraphQLFieldResolver } from 'graphql'
import { z } from 'zod'
import { getMfaStatus, setMfaStatus, type TriggerData } from './genauth.ts'

/** The calls behind the resolvers. `C` is the context of an operation. */
export interface Backend<C> {
  read(userId: string, context: C): Promise<TriggerData>
  /** Changes the factors of a user, and returns the state after that. */
  change(change: UserChange, context: C): Promise<Pick<TriggerData, 'applicationMfa'>>
}

/** A change of a user. Without a state, the stored one is read first. */
export interface UserChange {
  readonly userId: string
  readonly applicationMfa: TriggerData['applicationMfa']
  readonly triggerData: Omit<TriggerData, 'applicationMfa'> | undefined
}

/** Calls GenAuth, and does nothing else. */
export const BARE_BACKEND: Backend<unknown> = { read: getMfaStatus, change: changeUser }

/** Reads the state if the change needs it, and writes. */
export async function changeUser({ userId, applicationMfa, triggerData }: UserChange) {
  const after = { ...(triggerData ?? (await getMfaStatus(userId))), applicationMfa }
  await setMfaStatus(userId, after)
  return after
}

/**
 * The smallest schema that answers the harness's documents. Input fields with a default are nullable here, because
 * graphql-jit 0.8.9 refuses a non-null one that is left out.
 */
const SDL = /* GraphQL */ `
  type Query {
    userMfa(userId: String!): UserMfaPayload!
    usersMfa(users: [UserRefInput!]!): UsersMfaPayload!
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type Mutation { setUserMfaStatus(input: SetUserMfaStatusInput!): SetUserMfaStatusPayload! }
  scalar _Any
  union _Entity = User
  union UserMfaPayload = UserMfa | MfaInvalidInputError
  union UsersMfaPayload = UsersMfaSuccess | MfaInvalidInputError
  union SetUserMfaStatusPayload = SetUserMfaStatusSuccess | MfaInvalidInputError
  type UsersMfaSuccess { results: [UsersMfaResult!]! }
  type UsersMfaResult { payload: UserMfaPayload! }
  type SetUserMfaStatusSuccess { applied: Boolean! userMfa: UserMfa }
  type User { id: ID! mfa: UserMfa }
  type UserMfa { factors: [MfaFactor!]! }
  type MfaFactor { code: String! type: MfaFactorType enabled: Boolean! sort: Int! }
  enum MfaFactorType { SMS EMAIL OTP FACE }
  interface MfaError { code: String! message: String! retryable: Boolean! }
  type MfaInvalidInputError implements MfaError { code: String! message: String! retryable: Boolean! }
  input UserRefInput { userId: String! }
  input SetUserMfaStatusInput { userId: String! factors: [MfaFactorInput!] triggerData: MfaTriggerDataInput }
  input MfaFactorInput { type: MfaFactorType! enabled: Boolean = true sort: Int }
  input MfaTriggerDataInput {
    mfaToken: String mfaPhone: String mfaPhoneCountryCode: String mfaEmail: String totpMfaEnabled: Boolean
  }
`

const KNOWN_TYPES = ['SMS', 'EMAIL', 'OTP', 'FACE']

const factorSchema = z.object({
  type: z.string(),
  enabled: z.boolean().default(true),
  sort: z.int().optional(),
})
const setSchema = z.object({
  input: z.object({
    userId: z.string(),
    factors: z.array(factorSchema),
    triggerData: z.looseObject({ mfaToken: z.string() }).optional(),
  }),
})
const userSchema = z.object({ userId: z.string() })
const usersSchema = z.object({ users: z.array(userSchema) })
const representationsSchema = z.object({
  representations: z.array(z.object({ __typename: z.literal('User'), id: z.string() })),
})
const entitySchema = z.object({ id: z.string() })

type Resolver<C> = GraphQLFieldResolver<unknown, C>

function createResolvers<C>(
  backend: Backend<C>,
): Readonly<Record<string, Readonly<Record<string, Resolver<C>>>>> {
  const readUser = async (userId: string, context: C) => toUserMfa(await backend.read(userId, context))
  return {
    Query: {
      userMfa: (_root, args, context) => readUser(userSchema.parse(args).userId, context),
      usersMfa: async (_root, args, context) => ({
        __typename: 'UsersMfaSuccess',
        results: await Promise.all(
          usersSchema.parse(args).users.map(async ({ userId }) => ({
            payload: await readUser(userId, context),
          })),
        ),
      }),
      _entities: (_root, args) => representationsSchema.parse(args).representations,
    },
    User: { mfa: (user, _args, context) => readUser(entitySchema.parse(user).id, context) },
    Mutation: {
      setUserMfaStatus: async (_root, args, context) => {
        const { userId, factors, triggerData } = setSchema.parse(args).input
        const applicationMfa = factors.map(({ type, enabled, sort }, place) => ({
          mfaPolicy: type,
          status: enabled ? 1 : 0,
          sort: sort ?? place,
        }))
        const after = await backend.change({ userId, applicationMfa, triggerData }, context)
        return { __typename: 'SetUserMfaStatusSuccess', applied: true, userMfa: toUserMfa(after) }
      },
    },
  }
}

export function createPeerSchema<C>(backend: Backend<C>) {
  const schema = buildSchema(SDL)
  for (const [typeName, resolvers] of Object.entries(createResolvers(backend))) {
    const type = schema.getType(typeName)
    if (type === undefined || !('getFields' in type)) throw new Error(`No type ${typeName}`)
    for (const [fieldName, resolve] of Object.entries(resolvers)) {
      const field = type.getFields()[fieldName]
      if (field === undefined) throw new Error(`No field ${typeName}.${fieldName}`)
      Object.assign(field, { resolve })
    }
  }
  return schema
}

function toUserMfa({ applicationMfa }: Pick<TriggerData, 'applicationMfa'>) {
  const factors = applicationMfa
    .toSorted((a, b) => a.sort - b.sort)
    .map(({ mfaPolicy, status, sort }) => ({
      code: mfaPolicy,
      type: KNOWN_TYPES.includes(mfaPolicy) ? mfaPolicy : null,
      enabled: status !== 0,
      sort,
    }))
  return { __typename: 'UserMfa', factors }
}
