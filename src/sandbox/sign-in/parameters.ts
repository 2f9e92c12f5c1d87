/** The parameters of a query or a form. */
export interface Parameters {
  /** The first value of each. One without a value counts as left out (RFC 6749, section 3.1). */
  readonly values: Readonly<Record<string, string>>
  /** The names that are given more than once, which no parameter may be. */
  readonly repeated: readonly string[]
}

export function toParameters(given: URLSearchParams): Parameters {
  const values = new Map<string, string>()
  const repeated = new Set<string>()
  for (const [name, value] of given) {
    if (values.has(name)) repeated.add(name)
    else values.set(name, value)
  }
  // `Object.fromEntries` makes `__proto__` an ordinary key.
  return {
    values: Object.fromEntries([...values].filter(([, value]) => value !== '')),
    repeated: [...repeated],
  }
}

/** Returns the parameters of a request's query. */
export function readQuery({ url = '' }: { readonly url?: string | undefined }): Parameters {
  const queryStart = url.indexOf('?')
  return toParameters(new URLSearchParams(queryStart === -1 ? '' : url.slice(queryStart + 1)))
}
