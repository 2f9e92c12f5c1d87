/** Takes every request for one of the same caller. */

const CALLER = {
  issuer: 'bench',
  subject: 'bench',
  client: null,
  isClient: false,
  scopes: new Set(['READ', 'WRITE']),
  scopeNames: [],
  genauthId: 'bench',
  authTimeS: null,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  acr: null,
  amr: [],
}
const IDENTIFIED = { kind: 'CALLER', caller: CALLER }

export const createAuthenticator = () => () => ({
  authenticate: () => IDENTIFIED,
  isReady: () => true,
  reloadKeys: async () => true,
  async close() {},
})
