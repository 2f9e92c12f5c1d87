// A GenAuth in the process that starts it. It counts arrivals, and fails as it is told.
import { createServer } from 'node:http'

const STATE = {
  mfaToken: 'bench-token',
  mfaPhone: null,
  totpMfaEnabled: true,
  applicationMfa: [{ mfaPolicy: 'SMS', status: 1, sort: 0 }],
}

/**
 * @param {{ latencyMs?: number, users?: number }} options `users` is the number that a list of all users has
 */
export async function startCountingGenAuth({ latencyMs = 20, users = 0 } = {}) {
  /** Milliseconds since the process began, in order. Token requests count, because GenAuth counts them. */
  const arrivals = []
  const byEndpoint = new Map()
  const byUser = new Map()
  let fault = () => null

  const server = createServer(async (request, response) => {
    arrivals.push(performance.now())
    const url = new URL(request.url, 'http://localhost')
    const endpoint = url.pathname.replace('/api/v3/', '')
    byEndpoint.set(endpoint, (byEndpoint.get(endpoint) ?? 0) + 1)
    let text = ''
    for await (const chunk of request) text += chunk
    const params = text === '' ? {} : JSON.parse(text)
    const userId = url.searchParams.get('userId') ?? params.userId
    const key = `${endpoint} ${userId}`
    byUser.set(key, (byUser.get(key) ?? 0) + 1)
    await new Promise(resolve => setTimeout(resolve, latencyMs))
    const { httpStatus = 200, statusCode = 200 } = fault(endpoint) ?? {}
    if (httpStatus === 'RESET') return request.socket.destroy()
    response.writeHead(httpStatus, { 'content-type': 'application/json' })
    if (httpStatus !== 200) return response.end('<html>')
    response.end(
      JSON.stringify(statusCode === 200 ? success(endpoint, params, users) : { statusCode, message: 'no' }),
    )
  })
  server.keepAliveTimeout = 60_000
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    arrivals,
    countOf: endpoint => byEndpoint.get(endpoint) ?? 0,
    /** Counts requests about a user after an earlier one of the same kind. */
    repeatsOf: (endpoint, userPrefix) => {
      const counts = [...byUser].filter(([key]) => key.startsWith(`${endpoint} ${userPrefix}`))
      return counts.reduce((sum, [, count]) => sum + count - 1, 0)
    },
    /** Sets `toFault(endpoint)`, which returns the fault of a request, or `null` for none. */
    failWith(toFault) {
      fault = toFault
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Returns a user of the list. */
function toUser(index) {
  const createdAt = new Date(Date.UTC(2025, 0) + index * 60_000).toISOString()
  return { userId: (0x65 * 2 ** 40 + index).toString(16).padStart(24, '0'), status: 'Activated', createdAt }
}

function toPage({ options: { pagination = {} } = {} }, users) {
  const { page = 1, limit = 10 } = pagination
  const from = Math.min(users, (page - 1) * limit)
  return {
    totalCount: users,
    list: Array.from({ length: Math.min(limit, users - from) }, (_, index) => toUser(from + index)),
  }
}

function success(endpoint, params, users) {
  const claims = Buffer.from(JSON.stringify({ scoped_userpool_id: 'bench-pool' })).toString('base64url')
  const data = {
    'get-management-token': { access_token: `e30.${claims}.x`, expires_in: 7200 },
    'get-mfa-status': STATE,
    'set-mfa-status': { success: true },
    'get-user-mfa-info': { totpStatus: 'enabled', smsMfaStatus: 'disabled' },
    'get-global-mfa-settings': { enabledFactors: ['SMS'] },
    'list-users': endpoint === 'list-users' ? toPage(params, users) : undefined,
  }[endpoint]
  return { statusCode: 200, message: '', data }
}

/** Returns the most arrivals in any 1,000 ms, wherever they begin, and in any second of the clock. */
export function toPeaks(arrivals) {
  let [sliding, first] = [0, 0]
  const seconds = new Map()
  for (const [index, atMs] of arrivals.entries()) {
    while (arrivals[first] <= atMs - 1_000) first++
    sliding = Math.max(sliding, index - first + 1)
    const second = Math.floor((performance.timeOrigin + atMs) / 1_000)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
  }
  return { sliding, calendar: Math.max(0, ...seconds.values()) }
}
