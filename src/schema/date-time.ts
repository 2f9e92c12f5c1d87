import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder } from './builder.ts'

const rfc3339 = z.iso.datetime({ offset: true })

/** A time as RFC 3339 writes it. Outputs are in UTC. */
export const DateTimeType = builder.scalarType('DateTime', {
  description: 'A time, as RFC 3339 writes it: `2026-11-26T10:42:07.000Z`. Results are in UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: date => date.toISOString(),
  parseValue(value) {
    const parsed = rfc3339.safeParse(value)
    if (parsed.success) return new Date(parsed.data)
    throw new GraphQLError('A DateTime is a text as RFC 3339 writes it, with a time zone.')
  },
})
