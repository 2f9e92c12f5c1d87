import type { GraphQLSchema } from 'graphql'
import { printPublishedSdl } from '../index.ts'
import { printApiSdl } from './api-sdl.ts'

interface Sdls {
  readonly subgraph: string
  readonly api: string
}

const printed = new WeakMap<GraphQLSchema, Sdls>()

/** Prints the SDL in its two forms: with federation's directives for gateways, and plain for the tools of front ends. */
export function printSdls(schema: GraphQLSchema): Sdls {
  const sdls = printed.get(schema) ?? { subgraph: printPublishedSdl(schema), api: printApiSdl(schema) }
  printed.set(schema, sdls)
  return sdls
}
