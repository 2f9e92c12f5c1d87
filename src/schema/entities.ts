import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { MAX_USERS } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { resolveUserReference } from './user.ts'
import { UserType } from './user-mfa.ts'

/** Each costs its share of the answer, and 64 KB of body hold more than a thousand: half a minute's work. */
const MAX_REPRESENTATIONS = 250
const LIMIT_MESSAGE = `At most ${MAX_USERS} different entities, at ${MAX_REPRESENTATIONS} places, can be asked for at once.`

/** The one part that every representation has; its key is judged by the entity. */
const EntityName = z.object({ __typename: z.literal('User') })

const AnyType = builder.scalarType('_Any', {
  description: 'A representation of an entity: any JSON object with a `__typename` and the fields of a key.',
  serialize: value => value,
})

/** What has a `@key` in the published SDL, and nothing else. */
const EntityType = builder.unionType('_Entity', {
  description: 'Every type that a gateway can ask for by its key.',
  types: [UserType],
  resolveType: () => UserType,
})

/**
 * Answers each representation by itself: one that names no entity of this subgraph is null with an error at its
 * place. Too many are refused together; who is named twice is one of fifty once, since some gateways name a user for
 * every place where it stands.
 */
builder.queryField('_entities', t =>
  t.field({
    type: [EntityType],
    nullable: { list: false, items: true },
    extensions: { needs: 'READ' },
    description: 'The entities that a gateway asks for, each by its key, in the order asked.',
    args: {
      representations: t.arg({
        type: [AnyType],
        required: true,
        description: 'At most 50 different ones, at 250 places.',
      }),
    },
    resolve: (_root, { representations }, context) => {
      if (representations.length > MAX_REPRESENTATIONS || countDistinct(representations) > MAX_USERS) {
        throw refused('LIMIT_EXCEEDED', LIMIT_MESSAGE)
      }
      return representations.map(async representation => {
        const named = EntityName.safeParse(representation)
        if (named.success) return resolveUserReference(representation, context)
        throw refused(
          'BAD_USER_INPUT',
          'A representation must be an object whose __typename is an entity of this subgraph.',
        )
      })
    },
  }),
)

/** By text, since a representation is any JSON; the same one written in another order counts again. */
function countDistinct(representations: readonly unknown[]): number {
  return new Set(representations.map(representation => JSON.stringify(representation))).size
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
