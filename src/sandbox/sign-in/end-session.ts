import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { CONSOLE_CLIENT_ID } from '../console-client-id.ts'
import { isOwnForm } from './is-own-form.ts'
import { type AnswerIssued, type IssuedResponse, toRedirect } from './issued-response.ts'
import { pickLanguage } from './language.ts'
import { toRefusedPage, toSignedOutPage, toSignOutPage } from './pages.ts'
import { type Parameters, readQuery } from './parameters.ts'
import { readForm } from './read-form.ts'
import { redirectUriSchema } from './redirect-uri.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { Signer } from './signer.ts'

/** OpenID Connect RP-Initiated Logout 1.0, section 2. */
const requestSchema = z.object({
  client_id: z.literal(CONSOLE_CLIENT_ID).optional(),
  post_logout_redirect_uri: redirectUriSchema.optional(),
  state: z
    .string()
    .regex(/^[\x20-\x7e]{1,1000}$/)
    .optional(),
})

type EndRequest = z.infer<typeof requestSchema>

type ReadEnd =
  | {
      readonly kind: 'REQUEST'
      readonly request: EndRequest
      /** The parameters as they came, for the form that repeats them. */
      readonly values: Readonly<Record<string, string>>
    }
  | { readonly kind: 'REFUSED'; readonly parameter: keyof EndRequest }

export interface EndSessionOptions {
  readonly sessionCookie: SessionCookie
  readonly signer: Signer
}

export interface EndSession {
  /** Takes a request to sign out. */
  readonly endSession: AnswerIssued
  /** Takes the form in which a person agreed to sign out. */
  readonly signOut: AnswerIssued
}

/**
 * Creates the end of a session. The ID token of the person who is signed in shows that the page itself asks. Without it
 * the person is asked, because any other page could have sent the browser here.
 */
export function createEndSession({ sessionCookie, signer }: EndSessionOptions): EndSession {
  function end(
    message: IncomingMessage,
    { post_logout_redirect_uri: uri, state }: EndRequest,
  ): IssuedResponse {
    const cookie = { 'set-cookie': sessionCookie.end(message) }
    if (uri !== undefined) return toRedirect(uri, { state }, cookie)
    const page = toSignedOutPage(toLanguage(message))
    return { ...page, headers: { ...page.headers, ...cookie } }
  }

  return {
    async endSession(message) {
      const parameters = readQuery(message)
      const read = readEnd(parameters)
      if (read.kind === 'REFUSED') return toRefusedPage(toLanguage(message), { parameter: read.parameter })
      const session = sessionCookie.read(message)
      const hint = await signer.readSubject(parameters.values['id_token_hint'] ?? '', CONSOLE_CLIENT_ID)
      if (session === undefined || session.person.subject === hint) return end(message, read.request)
      const returnsTo = read.request.post_logout_redirect_uri ?? null
      return toSignOutPage(toLanguage(message), read.values, returnsTo)
    },
    async signOut(message) {
      const form = await readForm(message)
      if (!isOwnForm(message) || form.kind !== 'FORM') return toRefusedPage(toLanguage(message), 'FORM')
      const read = readEnd(form.parameters)
      return read.kind === 'REQUEST'
        ? end(message, read.request)
        : toRefusedPage(toLanguage(message), { parameter: read.parameter })
    },
  }
}

function readEnd({ values, repeated }: Parameters): ReadEnd {
  const names = requestSchema.keyof().options
  const parsed = requestSchema.safeParse(values)
  const twice = names.find(name => repeated.includes(name))
  if (parsed.success && twice === undefined) {
    const sent = Object.entries(values).filter(([name]) => name in requestSchema.shape)
    return { kind: 'REQUEST', request: parsed.data, values: Object.fromEntries(sent) }
  }
  const faulty = parsed.error?.issues.map(({ path }) => path[0]) ?? []
  return {
    kind: 'REFUSED',
    parameter: twice ?? names.find(name => faulty.includes(name)) ?? 'post_logout_redirect_uri',
  }
}

function toLanguage({ headers }: IncomingMessage) {
  return pickLanguage([], headers['accept-language'])
}
