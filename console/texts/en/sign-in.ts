export const signIn = {
  title: 'Sign in',
  lead: 'This page is for people who help others with their second factors.',
  button: 'Sign in',
  leaving: 'Going to the sign-in …',
  signedOut: 'You are signed out.',
  notStarted: 'This page could not start',
  faults: {
    ISSUER_UNREACHABLE:
      'The issuer of sign-ins could not be reached from this browser. Try again in a moment.',
    ISSUER_REFUSED: 'The issuer refused the sign-in. Try again, or tell the operator of this server.',
    STALE_RETURN: 'This sign-in belongs to another tab or was already used. Sign in again.',
    OPEN_WIRE: 'The issuer has no https address. The operator of this server must correct AUTH_ISSUER.',
    NO_CRYPTO: 'A browser signs in only over https or on this machine. Open this page by its https address.',
  },
  code: (code: string) => `The issuer says: ${code}`,
  refused: 'The server does not accept this sign-in',
  refusals: {
    REFUSED:
      'The server refuses the token of the issuer, and does not tell this page why. Sign in again. If it is refused again, tell the operator of this server: AUTH_ISSUER or AUTH_AUDIENCE may not fit the client of this page. The log has the reason at level debug.',
    NO_TOKEN:
      'The server says that no token came with the request. Tell the operator of this server: a proxy may remove the header Authorization.',
  },
}
