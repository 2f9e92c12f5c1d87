import type { GraphQLSchema } from 'graphql'
import { builder } from '../builder.ts'

interface ServiceSource {
  readonly sdl: string
}

const ServiceType = builder.objectRef<ServiceSource>('_Service').implement({
  extensions: { needs: 'NOTHING' },
  description: 'What a gateway wants to know of a subgraph.',
  fields: t => ({
    sdl: t.exposeString('sdl', {
      nullable: true,
      description: "The published SDL, with federation's directives and without federation's own types.",
    }),
  }),
})

builder.queryField('_service', t =>
  t.field({
    type: ServiceType,
    extensions: { needs: 'NOTHING' },
    description: 'This subgraph as gateways compose it. Off where introspection is.',
    resolve: (_root, _args, _context, { schema }) => ({ sdl: toPublishedSdl(schema) }),
  }),
)

/** Stores the published SDL with its schema, for `_service`. */
export function publishSdl(schema: GraphQLSchema, sdl: string): void {
  schema.extensions = { ...schema.extensions, sdl }
}

/** Returns the published SDL in a stable order, byte for byte as `_service { sdl }` returns it. */
export function toPublishedSdl({ extensions }: GraphQLSchema): string {
  const { sdl } = extensions
  if (typeof sdl === 'string') return sdl
  throw new Error('The schema publishes no SDL')
}
