import { type MediaRange, parseAccept } from './accept.ts'
import { RequestRefused } from './request-refused.ts'

/**
 * The forms of a result: as JSON, or as the only part of a stream. The first of two equally welcome types is chosen.
 */
const RESPONSE_TYPES = [
  'application/json',
  'application/graphql-response+json',
  'multipart/mixed',
  'text/event-stream',
] as const

export type ResponseType = (typeof RESPONSE_TYPES)[number]

export type JsonType = Extract<ResponseType, `${string}json`>

/** The type that a client wants, of those that there are. */
export type Negotiation =
  | { readonly kind: 'TYPE'; readonly type: ResponseType }
  | { readonly kind: 'NOT_ACCEPTABLE' }

/** The headers that most clients send. */
const COMMON: ReadonlyMap<string, Negotiation> = new Map([
  ['*/*', { kind: 'TYPE', type: 'application/json' }],
  ['application/json', { kind: 'TYPE', type: 'application/json' }],
  ['application/graphql-response+json', { kind: 'TYPE', type: 'application/graphql-response+json' }],
])

const DEFAULT = { kind: 'TYPE', type: 'application/json' } as const
const NOT_ACCEPTABLE = { kind: 'NOT_ACCEPTABLE' } as const

/** The weight of a type, and the place of the range that decides about it. */
interface Welcome {
  readonly type: ResponseType
  readonly weight: number
  readonly place: number
}

/**
 * Chooses the type of a response from the request's `Accept` header (RFC 9110, section 12.5.1; GraphQL over HTTP):
 *
 * - The most exact range decides about a type.
 * - The weight decides between types, then the order of the header.
 * - A stream is chosen only if it is named and no JSON is equally welcome.
 * - Without the header, or with an empty one, the response is JSON.
 */
export function negotiate(accept: string | undefined): Negotiation {
  if (accept === undefined) return DEFAULT
  return COMMON.get(accept) ?? choose(parseAccept(accept), accept)
}

/**
 * Does the same for a request whose result must be sent. It is called before anything is executed, because the result
 * of an executed change must reach its caller.
 *
 * @throws RequestRefused 406 `NOT_ACCEPTABLE`
 */
export function chooseResponseType(accept: string | undefined): ResponseType {
  const negotiation = negotiate(accept)
  if (negotiation.kind === 'TYPE') return negotiation.type
  throw new RequestRefused(
    406,
    'NOT_ACCEPTABLE',
    'Nothing was done: name application/graphql-response+json or application/json in the Accept header.',
  )
}

/**
 * Returns `true` if events may be sent in response to a request, though its other results are sent as `type`. Events are
 * in no other form, so their weight does not matter beside that of JSON.
 */
export function mayHaveEvents(accept: string | undefined, type: ResponseType): boolean {
  if (!isJsonType(type) || accept === undefined) return type === 'text/event-stream'
  return toWelcome('text/event-stream', parseAccept(accept)) !== null
}

export function isJsonType(type: ResponseType): type is JsonType {
  return type.endsWith('json')
}

function choose(ranges: readonly MediaRange[], accept: string): Negotiation {
  if (ranges.length === 0) return /[^\s,]/.test(accept) ? NOT_ACCEPTABLE : DEFAULT
  const welcome = RESPONSE_TYPES.flatMap(type => toWelcome(type, ranges) ?? [])
  const [best] = welcome.toSorted(
    (a, b) =>
      b.weight - a.weight || Number(isJsonType(b.type)) - Number(isJsonType(a.type)) || a.place - b.place,
  )
  return best === undefined ? NOT_ACCEPTABLE : { kind: 'TYPE', type: best.type }
}

function toWelcome(type: ResponseType, ranges: readonly MediaRange[]): Welcome | null {
  let [closest, place, weight] = [0, 0, 0]
  for (const [index, range] of ranges.entries()) {
    const closeness = toCloseness(type, range)
    if (closeness > closest) [closest, place, weight] = [closeness, index, range.weight]
  }
  return weight > 0 ? { type, weight, place } : null
}

/** Returns 0 if the range does not mean this type. Parameters other than the charset are left to the client. */
function toCloseness(type: ResponseType, { type: main, subtype, charset }: MediaRange): number {
  if (charset !== null && charset !== 'utf-8' && charset !== 'utf8') return 0
  if (`${main}/${subtype}` === type) return 3
  if (!isJsonType(type) || subtype !== '*') return 0
  return main === 'application' ? 2 : main === '*' ? 1 : 0
}
