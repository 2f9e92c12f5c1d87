import { createHash } from 'node:crypto'
import { z } from 'zod'
import { CONSOLE_CLIENT_ID } from '../console-client-id.ts'
import { toAccessToken } from './access-token.ts'
import { toAmr } from './authentication.ts'
import { API_SCOPES } from './demo-people.ts'
import type { ExpiringValues } from './expiring-values.ts'
import type { Grant } from './grant.ts'
import { type AnswerIssued, type IssuedResponse, NO_STORE, toJsonResponse } from './issued-response.ts'
import { readForm } from './read-form.ts'
import type { Signer } from './signer.ts'

/** Short, so that people who try the page see how it handles the end of a token. */
const TOKEN_LIFETIME_S = 10 * 60

/** RFC 6749, section 4.1.3, and RFC 7636, section 4.5. */
const exchangeSchema = z.object({
  code: z.string().max(1_000),
  redirect_uri: z.string().max(1_000),
  code_verifier: z.string().regex(/^[\w.~-]{43,128}$/),
})

export interface ExchangeCodeOptions {
  readonly codes: ExpiringValues<Grant>
  readonly signer: Signer
}

/**
 * Creates the token endpoint. It exchanges a code for two tokens, once. A first attempt that fails uses the code up, too.
 * Errors have the names of RFC 6749, section 5.2, and repeat no value.
 */
export function createExchangeCode({ codes, signer }: ExchangeCodeOptions): AnswerIssued {
  return async message => {
    const form = await readForm(message)
    if (form.kind === 'TOO_LARGE') return refuse(413, 'invalid_request', 'the form is too large')
    if (form.kind === 'NOT_A_FORM') return refuse(400, 'invalid_request', 'the body must be a form')
    const { authorization } = message.headers
    if (authorization !== undefined) {
      const headers = { 'www-authenticate': 'Basic realm="sandbox"' }
      return refuse(401, 'invalid_client', 'the client has no secret', headers)
    }
    const { values, repeated } = form.parameters
    if (repeated.length > 0) return refuse(400, 'invalid_request', 'a parameter is given more than once')
    const { grant_type: grantType, client_id: clientId } = values
    if (grantType === undefined) return refuse(400, 'invalid_request', 'grant_type is missing')
    if (grantType !== 'authorization_code') {
      return refuse(400, 'unsupported_grant_type', 'grant_type must be authorization_code')
    }
    if (clientId !== CONSOLE_CLIENT_ID) return refuse(401, 'invalid_client', 'client_id is not known')
    const parsed = exchangeSchema.safeParse(values)
    if (!parsed.success) {
      const [name] = parsed.error.issues[0]?.path ?? []
      return refuse(400, 'invalid_request', `${String(name)} is missing or malformed`)
    }
    const grant = codes.take(parsed.data.code)
    if (grant === undefined) return refuse(400, 'invalid_grant', 'code is not known, used or too old')
    if (grant.request.redirectUri !== parsed.data.redirect_uri) {
      return refuse(400, 'invalid_grant', 'redirect_uri is not that of the request')
    }
    const challenge = createHash('sha256').update(parsed.data.code_verifier).digest('base64url')
    if (grant.request.codeChallenge !== challenge) {
      return refuse(400, 'invalid_grant', 'code_verifier does not fit')
    }
    return toJsonResponse(200, await toTokens(grant, signer), NO_STORE)
  }
}

/** The scope `openid` asks for the ID token, and is no right at the API. */
async function toTokens({ request, authentication, acr }: Grant, signer: Signer) {
  const { person } = authentication
  const scopes = API_SCOPES.filter(scope => person.scopes.includes(scope) && request.scopes.includes(scope))
  const accessToken = toAccessToken({
    subject: person.subject,
    scopes,
    clientId: CONSOLE_CLIENT_ID,
    authentication,
    acr,
    lifetimeS: TOKEN_LIFETIME_S,
  })
  const idToken = {
    type: 'JWT',
    audience: CONSOLE_CLIENT_ID,
    subject: person.subject,
    lifetimeS: TOKEN_LIFETIME_S,
    claims: {
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
      auth_time: authentication.authTimeS,
      acr,
      amr: toAmr(authentication),
      name: person.name,
    },
  } as const
  return {
    access_token: await signer.sign(accessToken),
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME_S,
    scope: ['openid', ...scopes].join(' '),
    id_token: await signer.sign(idToken),
  }
}

function refuse(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): IssuedResponse {
  return toJsonResponse(status, { error, error_description: description }, { ...NO_STORE, ...headers })
}
