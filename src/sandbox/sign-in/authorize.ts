import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { Authentication } from './authentication.ts'
import { type AuthorizationRequest, readAuthorizationRequest } from './authorization-request.ts'
import { DEMO_PEOPLE } from './demo-people.ts'
import type { ExpiringValues } from './expiring-values.ts'
import type { Grant } from './grant.ts'
import { isOwnForm } from './is-own-form.ts'
import { type AnswerIssued, type IssuedResponse, toRedirect } from './issued-response.ts'
import { judgeSession, signIn, toGrantedAcr } from './judge-session.ts'
import { pickLanguage } from './language.ts'
import { toRefusedPage, toSignInAgainPage, toSignInPage } from './pages.ts'
import { readQuery } from './parameters.ts'
import { readForm } from './read-form.ts'
import type { SessionCookie } from './session-cookie.ts'

export interface AuthorizeOptions {
  readonly getIssuer: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly codes: ExpiringValues<Grant>
  readonly sessionCookie: SessionCookie
}

export interface Authorize {
  /** Takes a request of the page for a sign-in. */
  readonly authorize: AnswerIssued
  /** Takes the form in which a person chose who to be. */
  readonly signIn: AnswerIssued
}

const choiceSchema = z.object({ person: z.enum(DEMO_PEOPLE.map(({ id }) => id)) })

/** Creates the part of the issuer that people see. It sends each back to the page with a code, or with an error. */
export function createAuthorize({ getIssuer, now, codes, sessionCookie }: AuthorizeOptions): Authorize {
  const toNowS = (): number => Math.floor(now() / 1000)

  function sendBack(
    request: AuthorizationRequest,
    authentication: Authentication,
    headers: Readonly<Record<string, string>> = {},
  ): IssuedResponse {
    const code = codes.add({ request, authentication, acr: toGrantedAcr(request, authentication) })
    return toRedirect(request.redirectUri, { code, state: request.state, iss: getIssuer() }, headers)
  }

  function sendError(
    redirectUri: string,
    fault: { readonly error: string; readonly error_description: string; readonly state: string | undefined },
  ): IssuedResponse {
    return toRedirect(redirectUri, { ...fault, iss: getIssuer() })
  }

  function ask(message: IncomingMessage, request: AuthorizationRequest): IssuedResponse {
    const language = toLanguage(message, request)
    const verdict = judgeSession(request, sessionCookie.read(message), toNowS())
    switch (verdict.kind) {
      case 'SIGNED_IN':
        return sendBack(request, verdict.authentication)
      case 'SIGN_IN':
        return toSignInPage(language, request)
      case 'SIGN_IN_AGAIN':
        return toSignInAgainPage(language, request, verdict.authentication)
      case 'LOGIN_REQUIRED': {
        const description = 'nobody is signed in, or not recently or strongly enough'
        const { redirectUri, state } = request
        return sendError(redirectUri, { error: 'login_required', error_description: description, state })
      }
    }
  }

  return {
    async authorize(message) {
      const read = readAuthorizationRequest(readQuery(message))
      switch (read.kind) {
        case 'REQUEST':
          return ask(message, read.request)
        case 'NOT_OUR_CLIENT':
          return toRefusedPage(toLanguage(message), { parameter: read.parameter })
        case 'REFUSED': {
          const { redirectUri, error, description, state } = read
          return sendError(redirectUri, { error, error_description: description, state })
        }
      }
    },
    async signIn(message) {
      const form = await readForm(message)
      if (!isOwnForm(message) || form.kind !== 'FORM') return toRefusedPage(toLanguage(message), 'FORM')
      const read = readAuthorizationRequest(form.parameters)
      const choice = choiceSchema.safeParse(form.parameters.values)
      const person = DEMO_PEOPLE.find(({ id }) => id === choice.data?.person)
      // The form repeats a request that was in order, so a fault is not one that the page could learn from.
      if (read.kind !== 'REQUEST' || person === undefined || form.parameters.repeated.includes('person')) {
        return toRefusedPage(toLanguage(message), 'FORM')
      }
      const authentication = signIn(person, read.request, toNowS())
      return sendBack(read.request, authentication, {
        'set-cookie': sessionCookie.begin(message, authentication),
      })
    },
  }
}

function toLanguage({ headers }: IncomingMessage, request?: AuthorizationRequest) {
  return pickLanguage(request?.uiLocales ?? [], headers['accept-language'])
}
