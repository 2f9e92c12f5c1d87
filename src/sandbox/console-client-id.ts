/** The client of the sandbox's issuer by which the page for support desks signs people in. It has no secret. */
export const CONSOLE_CLIENT_ID = 'genauth-console'
