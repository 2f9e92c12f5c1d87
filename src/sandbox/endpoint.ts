import type { AccessKeys } from './access-keys.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'

/** The parts that a call works with. */
export interface EndpointContext {
  store: Store
  tokens: Tokens
  accessKeys: AccessKeys
}

/** One call of the API. */
export interface Endpoint {
  method: 'GET' | 'POST'
  /** `true` if the call needs no credentials, because it hands them out. */
  isOpen?: true
  /** Returns the reply's `data`, or a promise of it. Throws a Failure. */
  handle(params: unknown, context: EndpointContext): unknown
}
