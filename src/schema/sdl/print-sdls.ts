import type { GraphQLSchema } from 'graphql'
import { printPublishedSdl } from '../index.ts'
import { printApiSdl } from './api-sdl.ts'

/** Prints the SDL in its two forms: with federation's directives for gateways, and plain for the tools of front ends. */
export function printSdls(schema: GraphQLSchema): { readonly subgraph: string; readonly api: string } {
  return { subgraph: printPublishedSdl(schema), api: printApiSdl(schema) }
}
