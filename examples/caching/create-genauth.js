/** Asks GenAuth's own API, as another operator's tool would. */
export function createGenAuth(
  sandboxUrl,
  { GENAUTH_ACCESS_KEY_ID: accessKeyId, GENAUTH_ACCESS_KEY_SECRET: accessKeySecret },
) {
  async function call(endpoint, { query = {}, body, token }) {
    const response = await fetch(`${sandboxUrl}/api/v3/${endpoint}?${new URLSearchParams(query)}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...(token && toHeaders(token)) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const { data, message } = await response.json()
    if (data === undefined) throw new Error(`${endpoint}: ${message}`)
    return data
  }
  const login = async () =>
    (await call('get-management-token', { body: { accessKeyId, accessKeySecret } })).access_token

  async function read(userId) {
    return call('get-mfa-status', { query: { userId }, token: await login() })
  }

  async function write(userId, mfaTriggerData) {
    await call('set-mfa-status', { body: { userId, mfaTriggerData }, token: await login() })
  }

  return {
    /** Returns the factors as a screen shows them, in order. */
    async readFactors(userId) {
      const { applicationMfa } = await read(userId)
      return applicationMfa
        .toSorted((a, b) => a.sort - b.sort)
        .map(({ mfaPolicy, status }) => `${mfaPolicy} ${status === 1 ? 'on' : 'off'}`)
        .join(', ')
    },
    read,
    write,
    /** Switches one factor, past the server. */
    async switchFactor(userId, code, enabled) {
      const state = await read(userId)
      const applicationMfa = state.applicationMfa.map(factor =>
        factor.mfaPolicy === code ? { ...factor, status: enabled ? 1 : 0 } : factor,
      )
      await write(userId, { ...state, applicationMfa })
    },
  }
}

/** The token names the user pool, and so must each request. */
function toHeaders(token) {
  const { scoped_userpool_id: userPoolId } = JSON.parse(
    Buffer.from(token.split('.')[1], 'base64url').toString(),
  )
  return { authorization: `Bearer ${token}`, 'x-authing-userpool-id': userPoolId }
}
