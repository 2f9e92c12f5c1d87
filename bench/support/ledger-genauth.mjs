// A GenAuth on bare sockets that keeps a ledger. It records which write was really carried out, when, and
// which state was in force at any time. It knows nothing of the layer's claims about it.
import { createServer } from 'node:net'
import { toEnvelope, toHttp } from './write-faults.mjs'

/** The factors of a user before the first write. The last one names the user. */
const FIRST_FACTORS = ['SMS', 'OTP', 'FACE']
const MARK = 'USER-'

/**
 * Starts the stand-in. `toPlan(userId)` returns the plan of a user's calls:
 *
 * - `write`: the reply to a write, or `null` for a success.
 * - `appliedAfterMs`: when the write is carried out, or `null` for never.
 * - `staleMs`: how far reads are behind after it.
 * - `read`: the reply to later reads, or `null` for the state.
 * - `repliesTwice`: `true` if a call has a second reply. It comes when the next request arrives on the same connection,
 *   which is then not served.
 */
export async function startLedgerGenAuth(toPlan) {
  const users = new Map()
  const sockets = new Set()
  const counts = { writes: 0, behindSecondReply: 0 }

  function userOf(userId) {
    let user = users.get(userId)
    if (user === undefined) {
      const state = { mfaToken: 'ledger-token', mfaPhone: '13800000001', applicationMfa: toFactors(userId) }
      user = { history: [{ atMs: 0, state }], arrivedAtMs: null, arrivals: 0, applied: [], lastRead: null }
      users.set(userId, user)
    }
    return user
  }

  function write(userId, state, { appliedAfterMs }) {
    const user = userOf(userId)
    user.arrivedAtMs ??= performance.now()
    user.arrivals++
    counts.writes++
    const apply = () => {
      const atMs = performance.now()
      user.history.push({ atMs, state })
      user.applied.push({ atMs, state })
    }
    if (appliedAfterMs === 0) apply()
    else if (appliedAfterMs !== null) setTimeout(apply, appliedAfterMs)
  }

  function read(userId, { staleMs }) {
    const user = userOf(userId)
    const seenAtMs = performance.now() - staleMs
    user.lastRead = user.history.findLast(({ atMs }) => atMs <= seenAtMs)?.state ?? user.history[0].state
    return user.lastRead
  }

  function serve(socket, endpoint, params) {
    const { userId } = params
    const answer = data => toHttp({ body: toEnvelope(200, { data }) })
    if (endpoint === 'get-management-token') {
      const claims = Buffer.from(JSON.stringify({ scoped_userpool_id: 'ledger' })).toString('base64url')
      socket.write(answer({ access_token: `e30.${claims}.x`, expires_in: 7200 }))
      return
    }
    const plan = toPlan(userId)
    if (socket.secondReply !== undefined) {
      counts.behindSecondReply++
      socket.write(socket.secondReply)
      socket.secondReply = undefined
      return
    }
    if (endpoint === 'set-mfa-status') {
      write(userId, params.mfaTriggerData, plan)
      if (plan.write !== null) return plan.write({ socket })
    } else if (plan.read !== null && userOf(userId).arrivedAtMs !== null) {
      return plan.read({ socket })
    }
    const reply = answer(endpoint === 'set-mfa-status' ? { success: true } : read(userId, plan))
    socket.write(reply)
    if (plan.repliesTwice) socket.secondReply = reply
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => {
    let received = ''
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
      for (let message = toMessage(received); message !== null; message = toMessage(received)) {
        received = received.slice(message.end)
        serve(socket, message.endpoint, message.params)
      }
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts,
    /** Returns the true state of a user. See `userOf`. */
    ledgerOf: userOf,
    /** Returns every state that was in force at some time between two moments. */
    statesBetween(userId, fromMs, toMs) {
      const { history } = userOf(userId)
      const first = history.findLastIndex(({ atMs }) => atMs <= fromMs)
      return history
        .slice(Math.max(0, first))
        .filter(({ atMs }) => atMs <= toMs)
        .map(({ state }) => state)
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Returns the user that a state was made for, by its own mark, or `null` if the mark is missing. */
export function markOf({ applicationMfa }) {
  return (
    applicationMfa.find(({ mfaPolicy }) => mfaPolicy.startsWith(MARK))?.mfaPolicy.slice(MARK.length) ?? null
  )
}

function toFactors(userId) {
  return [...FIRST_FACTORS, `${MARK}${userId}`].map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort }))
}

function toMessage(received) {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = received.slice(0, headEnd)
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  const end = headEnd + 4 + length
  if (received.length < end) return null
  const url = new URL(head.split(' ', 2)[1], 'http://localhost')
  const text = Buffer.from(received.slice(headEnd + 4, end), 'latin1').toString()
  const params = text === '' ? Object.fromEntries(url.searchParams) : JSON.parse(text)
  return { end, endpoint: url.pathname.replace('/api/v3/', ''), params }
}
