/** The small part of `oidc-provider` that tests use. It comes without types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Grant {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export interface Context {
    body: string
    readonly oidc: {
      readonly client: { readonly clientId: string }
      readonly session: { readonly accountId: string; readonly acr?: string }
      readonly params: { readonly acr_values?: string }
      readonly entities: {
        readonly AuthorizationCode?: { readonly authTime?: number; readonly acr?: string }
      }
    }
  }

  /** The question of a page of the provider. */
  export interface Interaction {
    readonly uid: string
    readonly prompt: { readonly name: string }
    readonly params: { readonly client_id: string }
    readonly session?: { readonly accountId: string }
  }

  /** The choice of a person at such a page. */
  export type InteractionResult =
    | { readonly error: string; readonly error_description: string }
    | { readonly login: { readonly accountId: string; readonly acr?: string; readonly ts?: number } }
    | { readonly consent: { readonly grantId: string } }

  export class Provider {
    constructor(issuer: string, configuration: object)
    readonly Grant: new (of: {
      readonly clientId: string
      readonly accountId: string
    }) => Grant
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: InteractionResult,
    ): Promise<void>
  }

  class Check {
    static readonly NO_NEED_TO_PROMPT: boolean
    static readonly REQUEST_PROMPT: boolean
    constructor(reason: string, description: string, check: (context: Context) => boolean)
  }

  /** When the provider shows which page. */
  export const interactionPolicy: {
    readonly Check: typeof Check
    base(): {
      get(name: string): { readonly checks: { add(check: Check): void; remove(name: string): void } }
    }
  }
}
