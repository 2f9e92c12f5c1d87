const FORWARDED = ['authorization', 'x-request-id', 'traceparent']

/** What a gateway has to pass on: who asks, and the two names of the request. Absent ones are left out. */
export function toForwarded(getHeader) {
  return Object.fromEntries(FORWARDED.flatMap(name => (getHeader(name) ? [[name, getHeader(name)]] : [])))
}
