import type { AccessKeys } from './access-keys.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'

/** What a call works with. */
export interface EndpointContext {
  store: Store
  tokens: Tokens
  accessKeys: AccessKeys
}

/** One call of the API. */
export interface Endpoint {
  method: 'GET' | 'POST'
  /** Answers without credentials: the call that hands them out. */
  isOpen?: true
  /** Resolves with the answer's `data`, or throws a Failure. */
  handle(params: unknown, context: EndpointContext): unknown
}
