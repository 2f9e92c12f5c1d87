// A GenAuth in the script's own process that holds writes back, breaks its replies, and keeps a ledger of the
// truth.
import { createServer } from 'node:http'

/** A read may show a state of this age. */
const STALE_MS = 250
const STALE_SHARE = 0.1
/**
 * The treatments of a write, with their weights. `carriesOut` is `true` if the write is carried out, now or after a
 * hold.
 */
const MANNERS = [
  { share: 0.4, carriesOut: true, holds: false, reply: 'AFTER' },
  { share: 0.2, carriesOut: true, holds: true, reply: 'AFTER' },
  { share: 0.1, carriesOut: true, holds: false, reply: 'LATE' },
  { share: 0.1, carriesOut: true, holds: true, reply: 'RESET' },
  { share: 0.05, carriesOut: true, holds: true, reply: 'PAGE_502' },
  { share: 0.05, carriesOut: true, holds: true, reply: 'ENVELOPE_500' },
  { share: 0.05, carriesOut: false, holds: false, reply: 'RESET' },
  { share: 0.05, carriesOut: false, holds: false, reply: 'REFUSAL' },
]

/**
 * Starts the stand-in. It tells writes apart by their `mfaToken`, which GenAuth itself would not accept from anybody.
 *
 * @param maxHoldMs a write is carried out up to so much later, whether or not its sender still lives
 */
export async function startHoldingGenAuth({ maxHoldMs }) {
  /** The times at which a write was carried out, by token. */
  const ledger = new Map()
  /** The states of a user, each with the moment from which on it was in force. */
  const histories = new Map()
  let held = 0
  /** The number of writes that arrived, by user. */
  const arrivals = new Map()

  const historyOf = userId => histories.get(userId) ?? [{ sort: 0, atMs: 0 }]

  function carryOut({ userId, mfaTriggerData }) {
    const { mfaToken, applicationMfa } = mfaTriggerData
    const atMs = Date.now()
    ledger.set(mfaToken, [...(ledger.get(mfaToken) ?? []), atMs])
    histories.set(userId, [...historyOf(userId), { sort: applicationMfa[0].sort, atMs }])
  }

  function readState(userId) {
    const untilMs = Date.now() - (Math.random() < STALE_SHARE ? STALE_MS : 0)
    const { sort } = historyOf(userId).findLast(({ atMs }) => atMs <= untilMs)
    return { mfaToken: 'read', applicationMfa: [{ mfaPolicy: 'EMAIL', status: 1, sort }] }
  }

  async function write(request, response, body) {
    arrivals.set(body.userId, (arrivals.get(body.userId) ?? 0) + 1)
    const { carriesOut, holds, reply } = pickManner()
    const holdMs = Math.random() * maxHoldMs
    const done = (async () => {
      held++
      if (holds) await sleep(holdMs)
      if (carriesOut) carryOut(body)
      held--
    })()
    switch (reply) {
      case 'AFTER':
        await done
        return send(response, 200, { success: true })
      case 'LATE':
        await sleep(holdMs)
        return send(response, 200, { success: true })
      case 'RESET':
        return request.socket.resetAndDestroy()
      case 'PAGE_502':
        return response.writeHead(502, { 'content-type': 'text/html' }).end('<html></html>')
      case 'ENVELOPE_500':
        return send(response, 500)
      case 'REFUSAL':
        return send(response, 422)
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost')
    response.on('error', () => {})
    try {
      let text = ''
      for await (const chunk of request) text += chunk
      const endpoint = url.pathname.replace('/api/v3/', '')
      if (endpoint === 'set-mfa-status') await write(request, response, JSON.parse(text))
      else if (endpoint === 'get-mfa-status') send(response, 200, readState(url.searchParams.get('userId')))
      else send(response, 200, { access_token: toToken(), expires_in: 7200 })
    } catch {
      // The sender died in the middle of its request, so nothing of it counts.
      response.destroy()
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Returns how often a write was carried out. */
    timesCarriedOut: token => ledger.get(token)?.length ?? 0,
    /** Returns `true` if a user was in a state at some moment up to this one. */
    wasInForce: (userId, sort, untilMs) =>
      historyOf(userId).some(state => state.sort === sort && state.atMs <= untilMs),
    /** Returns how many writes for these users have arrived. */
    arrivals: userIds => userIds.reduce((sum, userId) => sum + (arrivals.get(userId) ?? 0), 0),
    /** Returns the writes that are still held back. */
    held: () => held,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function pickManner() {
  const at = Math.random()
  let upTo = 0
  for (const manner of MANNERS) {
    upTo += manner.share
    if (at < upTo) return manner
  }
  return MANNERS[0]
}

function send(response, statusCode, data = null) {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ statusCode, message: '', data }))
}

function toToken() {
  return `e30.${Buffer.from(JSON.stringify({ scoped_userpool_id: 'pool' })).toString('base64url')}.x`
}

function sleep(ms) {
  return new Promise(resolve => setTimeout(resolve, ms))
}
