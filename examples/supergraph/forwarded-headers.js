const FORWARDED = ['authorization', 'x-request-id', 'traceparent']

/**
 * Returns the headers that a gateway must pass on: the caller's token, and the two names of the request. Absent ones
 * are left out.
 */
export function toForwarded(getHeader) {
  return Object.fromEntries(FORWARDED.flatMap(name => (getHeader(name) ? [[name, getHeader(name)]] : [])))
}
