import { z } from 'zod'
import { CONSOLE_CLIENT_ID } from '../console-client-id.ts'
import { ACR_VALUES, type Acr } from './authentication.ts'
import { DEMO_PERSON_IDS } from './demo-people.ts'
import type { Parameters } from './parameters.ts'
import { redirectUriSchema } from './redirect-uri.ts'

/** Printable ASCII (RFC 6749, appendix A.5). A form changes no such text on its way. */
const opaqueText = z.string().regex(/^[\x20-\x7e]{1,1000}$/)
const words = z
  .string()
  .max(1_000)
  .transform(text => text.split(' ').filter(word => word !== ''))

const clientSchema = z.object({ client_id: z.literal(CONSOLE_CLIENT_ID), redirect_uri: redirectUriSchema })

/** OpenID Connect Core 1.0, section 3.1.2.1, RFC 7636 and RFC 9470. PKCE is required, and `plain` is not known. */
const requestSchema = z.object({
  request: z.never().optional(),
  request_uri: z.never().optional(),
  response_type: z.literal('code'),
  response_mode: z.literal('query').optional(),
  scope: words.refine(scopes => scopes.includes('openid')),
  state: opaqueText.optional(),
  nonce: opaqueText.optional(),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal('S256'),
  prompt: words
    .pipe(z.array(z.enum(['none', 'login', 'select_account', 'consent'])))
    .refine(prompts => !prompts.includes('none') || prompts.length === 1)
    .default([]),
  max_age: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional(),
  acr_values: words
    .transform(values => ACR_VALUES.filter(acr => values.includes(acr)).toSorted(byPlaceIn(values)))
    .refine(known => known.length > 0)
    .optional(),
  // Hints that say nothing known are no faults.
  login_hint: z.enum(DEMO_PERSON_IDS).optional().catch(undefined),
  ui_locales: words.optional().catch(undefined),
})

type ParsedRequest = z.infer<typeof requestSchema>

/** A request for a sign-in that is in order. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly codeChallenge: string
  readonly prompt: ParsedRequest['prompt']
  /** Seconds. */
  readonly maxAgeS: number | undefined
  /** The contexts that the issuer knows of those that are asked for, the most wanted first. */
  readonly acrValues: readonly Acr[] | undefined
  readonly loginHint: ParsedRequest['login_hint']
  readonly uiLocales: readonly string[]
  /** The parameters as they came, for the form that repeats them. */
  readonly values: Readonly<Record<string, string>>
}

export interface RequestError {
  readonly redirectUri: string
  readonly state: string | undefined
  readonly error: string
  /** Names the parameter, and never repeats its value. */
  readonly description: string
}

/**
 * `NOT_OUR_CLIENT` is told to the person alone: nobody may be sent to an address that is not the page's (RFC 6749,
 * section 4.1.2.1). `REFUSED` is told to the page.
 */
export type ReadRequest =
  | { readonly kind: 'REQUEST'; readonly request: AuthorizationRequest }
  | { readonly kind: 'NOT_OUR_CLIENT'; readonly parameter: 'client_id' | 'redirect_uri' }
  | ({ readonly kind: 'REFUSED' } & RequestError)

type ParameterName = keyof typeof requestSchema.shape

/** Reads a request for a sign-in. It ignores unknown parameters, as OpenID Connect demands. */
export function readAuthorizationRequest({ values, repeated }: Parameters): ReadRequest {
  const client = clientSchema.safeParse(values)
  if (repeated.includes('client_id')) return { kind: 'NOT_OUR_CLIENT', parameter: 'client_id' }
  if (repeated.includes('redirect_uri')) return { kind: 'NOT_OUR_CLIENT', parameter: 'redirect_uri' }
  if (!client.success) {
    const isClientKnown = clientSchema.shape.client_id.safeParse(values['client_id']).success
    return { kind: 'NOT_OUR_CLIENT', parameter: isClientKnown ? 'redirect_uri' : 'client_id' }
  }
  const redirectUri = client.data.redirect_uri
  const state = repeated.includes('state') ? undefined : opaqueText.safeParse(values['state']).data
  const refuse = (name: string, error: string, fault: string): ReadRequest => ({
    ...{ kind: 'REFUSED', redirectUri, state, error },
    description: `${name} ${fault}`,
  })

  const names = Object.keys(requestSchema.shape)
  const twice = names.find(name => repeated.includes(name))
  if (twice !== undefined) return refuse(twice, 'invalid_request', 'is given more than once')
  const parsed = requestSchema.safeParse(values)
  if (!parsed.success) {
    const faulty = new Set(parsed.error.issues.map(({ path }) => path[0]))
    const name = requestSchema.keyof().options.find(one => faulty.has(one)) ?? 'scope'
    const fault = values[name] === undefined ? 'is missing' : 'is not supported'
    return refuse(name, toError(name, values[name]), fault)
  }
  return { kind: 'REQUEST', request: toRequest(parsed.data, redirectUri, values) }
}

function toRequest(
  parsed: ParsedRequest,
  redirectUri: string,
  values: Parameters['values'],
): AuthorizationRequest {
  const sent = Object.entries(values).filter(([name]) => name in requestSchema.shape)
  return {
    redirectUri,
    scopes: parsed.scope,
    state: parsed.state,
    nonce: parsed.nonce,
    codeChallenge: parsed.code_challenge,
    prompt: parsed.prompt,
    maxAgeS: parsed.max_age,
    acrValues: parsed.acr_values,
    loginHint: parsed.login_hint,
    uiLocales: parsed.ui_locales ?? [],
    values: { ...Object.fromEntries(sent), client_id: CONSOLE_CLIENT_ID, redirect_uri: redirectUri },
  }
}

/** Returns the code of an error by RFC 6749, OpenID Connect Core 1.0 and RFC 9470. */
function toError(name: ParameterName, value: string | undefined): string {
  switch (name) {
    case 'request':
      return 'request_not_supported'
    case 'request_uri':
      return 'request_uri_not_supported'
    case 'response_type':
      return value === undefined ? 'invalid_request' : 'unsupported_response_type'
    case 'scope':
      return 'invalid_scope'
    case 'acr_values':
      return 'unmet_authentication_requirements'
    case 'response_mode':
    case 'state':
    case 'nonce':
    case 'code_challenge':
    case 'code_challenge_method':
    case 'prompt':
    case 'max_age':
    case 'login_hint':
    case 'ui_locales':
      return 'invalid_request'
  }
}

function byPlaceIn(values: readonly string[]) {
  return (left: Acr, right: Acr): number => values.indexOf(left) - values.indexOf(right)
}
