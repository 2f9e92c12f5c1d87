import { GraphQLError } from 'graphql'
import { parseTime } from '../base/parse-time.ts'
import { builder } from './builder.ts'

/** A time as RFC 3339 writes it. Outputs are in UTC. */
export const DateTimeType = builder.scalarType('DateTime', {
  description: 'A time, as RFC 3339 writes it: `2026-11-26T10:42:07.000Z`. Results are in UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: date => date.toISOString(),
  parseValue(value) {
    const date = typeof value === 'string' ? parseTime(value) : null
    if (date !== null) return date
    throw new GraphQLError(
      'A DateTime is a text as RFC 3339 writes it, with a time zone. Its year in UTC has four digits.',
    )
  },
})
