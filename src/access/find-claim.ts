type Claims = Readonly<Record<string, unknown>>

/**
 * Finds the value of a claim, also inside another claim, and returns `undefined` if there is none. The name is a path
 * (`realm_access.roles`), or a JSON pointer (RFC 6901, `/realm_access/roles`) for names that hold a dot. A claim whose
 * name is the whole text comes first, because many issuers use URLs as names. Lists are not searched.
 */
export function findClaim(payload: Claims, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name]
  return name.startsWith('/') ? walk(payload, toPointerSteps(name)) : walk(payload, name.split('.'))
}

function toPointerSteps(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function walk(payload: Claims, steps: readonly string[]): unknown {
  let value: unknown = payload
  for (const step of steps) {
    if (!isClaims(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
