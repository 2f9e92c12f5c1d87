import { z } from 'zod'
import { builder } from './builder.ts'
import { codedError } from './coded-error.ts'
import { ENTITY_LIMIT_MESSAGE } from './entity-places.ts'
import { refuseCounted } from './refuse-counted.ts'
import { NEEDING_GENAUTH_ID, selects } from './selection.ts'
import { resolveUserReference } from './user.ts'
import { UserType } from './user-source.ts'

/** The one part that every representation has. The entity itself checks the key. */
const EntityName = z.object({ __typename: z.literal('User') })

const AnyType = builder.scalarType('_Any', {
  description: 'A representation of an entity: a JSON object with a `__typename` and the fields of a key.',
  serialize: value => value,
})

/** Exactly the types with a `@key` in the published SDL. */
const EntityType = builder.unionType('_Entity', {
  description: 'Every type that a gateway can ask for by its key.',
  types: [UserType],
  resolveType: () => UserType,
})

/**
 * Resolves each representation by itself. One that names no entity of this subgraph is `null`, with an error at its
 * place. An operation with too many of them is refused as a whole. Repetitions of a user count as one of the 50,
 * because some gateways send a user once for each place in the result. Each place counts as a read of the caller.
 */
builder.queryField('_entities', t =>
  t.field({
    type: [EntityType],
    nullable: { list: false, items: true },
    extensions: { needs: 'READ' },
    description: 'The entities that a gateway asks for by their keys, in the order of `representations`.',
    args: {
      representations: t.arg({
        type: [AnyType],
        required: true,
        description: 'The representations. A whole operation has at most 50 different ones, at 250 places.',
      }),
    },
    resolve: async (_root, { representations }, context, info) => {
      context.entityPlaces.add(representations)
      // By then the resolvers of the other root fields have added theirs, too. Nothing has been read yet.
      await Promise.resolve()
      if (context.entityPlaces.isExceeded) {
        throw codedError('LIMIT_EXCEEDED', ENTITY_LIMIT_MESSAGE)
      }
      if (selects(info, { names: ['forecast'] }, 'mfa')) context.forecastUsers.addEntities(representations)
      if (selects(info, { names: ['history'] }, 'mfa')) context.historyUsers.addEntities(representations)
      const needsId = selects(info, NEEDING_GENAUTH_ID, 'mfa')
      return representations.map(representation =>
        EntityName.safeParse(representation).success
          ? resolveUserReference(representation, needsId, context)
          : refuseCounted(
              context,
              'A representation must be an object whose __typename is an entity of this subgraph.',
            ),
      )
    },
  }),
)
