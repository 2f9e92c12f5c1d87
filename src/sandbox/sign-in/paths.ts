/** The paths of the issuer, below the address of the sandbox. */
export const PATHS = {
  issuer: '/sandbox',
  /** Named by OpenID Connect Discovery 1.0, section 4. */
  discovery: '/sandbox/.well-known/openid-configuration',
  jwks: '/sandbox/jwks',
  /** Gives everybody a token for each role, without a sign-in. */
  tokens: '/sandbox/tokens',
  authorize: '/sandbox/authorize',
  /** Takes the form of the sign-in page. */
  signIn: '/sandbox/sign-in',
  token: '/sandbox/token',
  endSession: '/sandbox/end-session',
  /** Takes the form of the sign-out page. */
  signOut: '/sandbox/sign-out',
} as const
