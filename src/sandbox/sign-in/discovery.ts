import { ACR_VALUES } from './authentication.ts'
import { API_SCOPES } from './demo-people.ts'
import { PATHS } from './paths.ts'

/**
 * Returns the document by which clients find the issuer (OpenID Connect Discovery 1.0, section 3).
 *
 * @param url the address of the sandbox
 */
export function toDiscovery(url: string): Readonly<Record<string, unknown>> {
  return {
    issuer: url + PATHS.issuer,
    authorization_endpoint: url + PATHS.authorize,
    token_endpoint: url + PATHS.token,
    jwks_uri: url + PATHS.jwks,
    end_session_endpoint: url + PATHS.endSession,
    scopes_supported: ['openid', ...API_SCOPES],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    acr_values_supported: ACR_VALUES,
    prompt_values_supported: ['none', 'login', 'select_account', 'consent'],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'name'],
    ui_locales_supported: ['en', 'zh-CN'],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  }
}
