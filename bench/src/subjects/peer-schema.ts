import { buildSchema, type GraphQLFieldResolver } from 'graphql'
import { z } from 'zod'
import { getMfaStatus, setMfaStatus, type TriggerData } from './genauth.ts'

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

type Resolver = GraphQLFieldResolver<unknown, unknown>

const RESOLVERS: Readonly<Record<string, Readonly<Record<string, Resolver>>>> = {
  Query: {
    userMfa: (_root, args) => readUser(userSchema.parse(args).userId),
    usersMfa: async (_root, args) => ({
      __typename: 'UsersMfaSuccess',
      results: await Promise.all(
        usersSchema.parse(args).users.map(async ({ userId }) => ({ payload: await readUser(userId) })),
      ),
    }),
    _entities: (_root, args) => representationsSchema.parse(args).representations,
  },
  User: { mfa: user => readUser(entitySchema.parse(user).id) },
  Mutation: {
    setUserMfaStatus: async (_root, args) => {
      const { userId, factors, triggerData } = setSchema.parse(args).input
      const base = triggerData ?? (await getMfaStatus(userId))
      const applicationMfa = factors.map(({ type, enabled, sort }, place) => ({
        mfaPolicy: type,
        status: enabled ? 1 : 0,
        sort: sort ?? place,
      }))
      const after = { ...base, applicationMfa }
      await setMfaStatus(userId, after)
      return { __typename: 'SetUserMfaStatusSuccess', applied: true, userMfa: toUserMfa(after) }
    },
  },
}

export function createPeerSchema() {
  const schema = buildSchema(SDL)
  for (const [typeName, resolvers] of Object.entries(RESOLVERS)) {
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

async function readUser(userId: string) {
  return toUserMfa(await getMfaStatus(userId))
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
