// A GenAuth in the script's own process that stores writes, and notices changes that are overwritten unseen.
import { createServer } from 'node:http'

const FACTORS = ['SMS', 'EMAIL', 'OTP', 'FACE']

/**
 * Starts the stand-in. Each write of its callers must change one factor. A write that changes more was made from a
 * state that was no longer in force.
 */
export async function startKeepingGenAuth({ latencyMs = 5 } = {}) {
  const states = new Map()
  const counts = { writes: 0, lostUpdates: 0 }
  const stateOf = userId => states.get(userId) ?? FACTORS.map((code, sort) => toFactor(code, 0, sort))

  function answer(endpoint, params, text) {
    switch (endpoint) {
      case 'get-management-token':
        return { access_token: `e30.${toBase64({ scoped_userpool_id: 'bench-pool' })}.x`, expires_in: 7200 }
      case 'get-mfa-status':
        return { mfaToken: 'bench-token', applicationMfa: stateOf(params.get('userId')) }
      case 'get-user-mfa-info':
        return {
          totpStatus: 'enabled',
          faceMfaStatus: 'enabled',
          smsMfaStatus: 'enabled',
          emailMfaStatus: 'enabled',
        }
      case 'get-global-mfa-settings':
        return { enabledFactors: FACTORS }
      case 'set-mfa-status': {
        const { userId, mfaTriggerData } = JSON.parse(text)
        const before = stateOf(userId)
        const after = mfaTriggerData.applicationMfa
        counts.writes++
        if (FACTORS.filter(code => isOn(before, code) !== isOn(after, code)).length > 1) counts.lostUpdates++
        states.set(userId, after)
        return { success: true }
      }
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost')
    let text = ''
    for await (const chunk of request) text += chunk
    const data = answer(url.pathname.replace('/api/v3/', ''), url.searchParams, text)
    await new Promise(resolve => setTimeout(resolve, latencyMs))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ statusCode: 200, message: '', data }))
  })
  server.keepAliveTimeout = 60_000
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts,
    /** Returns the factors of a user that are switched on. */
    switchedOn: userId => FACTORS.filter(code => isOn(stateOf(userId), code)),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function toFactor(mfaPolicy, status, sort) {
  return { mfaPolicy, status, sort }
}

function isOn(factors, code) {
  return factors.some(({ mfaPolicy, status }) => mfaPolicy === code && status === 1)
}

function toBase64(claims) {
  return Buffer.from(JSON.stringify(claims)).toString('base64url')
}
