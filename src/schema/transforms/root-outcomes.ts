import {
  GraphQLError,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isUnionType,
} from 'graphql'
import type { GraphQLContext, ReportOutcome } from '../context.ts'

/** Stands for an error that has no code of its own. */
const UNEXPECTED = 'INTERNAL_SERVER_ERROR'

type RootField = GraphQLField<unknown, GraphQLContext>

/**
 * Makes every root field of the schema report its outcome to `settled` of its context, if there is one. The selection
 * below the field does not matter. A field that reports resolves asynchronously. A subscription reports a single time,
 * whether it has begun.
 */
export function reportRootOutcomes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) reportField(field)
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) reportBeginning(field)
  return schema
}

function reportField(field: RootField): void {
  const { resolve } = field
  if (resolve === undefined) throw new Error('A root field has a resolver')
  field.resolve = (source, args, context, info) => {
    const run = () => resolve(source, args, context, info)
    return context.settled ? report(context.settled, field, run, context, info) : run()
  }
}

function reportBeginning(field: RootField): void {
  const { subscribe } = field
  if (subscribe === undefined) throw new Error('A subscription has a source of events')
  field.subscribe = (source, args, context, info) => {
    const run = () => subscribe(source, args, context, info)
    return context.settled ? report(context.settled, field, run, context, info) : run()
  }
}

async function report(
  settled: ReportOutcome,
  field: RootField,
  run: () => unknown,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  try {
    const result = await run()
    settled(field.name, await toOutcome(field, result, context, info))
    return result
  } catch (error) {
    settled(field.name, toCode(error))
    throw error
  }
}

async function toOutcome(
  { type }: RootField,
  result: unknown,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<string> {
  const payload = getNamedType(type)
  if (!isUnionType(payload) || Array.isArray(result)) return 'OK'
  return (await payload.resolveType?.(result, context, info, payload)) ?? UNEXPECTED
}

function toCode(error: unknown): string {
  const code = error instanceof GraphQLError ? error.extensions['code'] : null
  return typeof code === 'string' ? code : UNEXPECTED
}
