// Concludes the intents that the process before left open. Then it sends writes, and dies without warning at
// the given point.
import { setTimeout } from 'node:timers/promises'
import { systemClock } from '../../dist/base/clock.js'
import { createDeadline } from '../../dist/base/deadline.js'
import { Events } from '../../dist/base/events.js'
import { createGenAuthClient } from '../../dist/genauth/client.js'
import { toAuditKeyring } from '../../dist/journal/audit-key.js'
import { createJournal } from '../../dist/journal/create-journal.js'
import { startRecovery } from '../../dist/journal/resolve/recover.js'
import { createUserLocks } from '../../dist/locks/user-locks.js'
import { createLog } from '../../dist/log.js'
import { ownCallContext } from '../../dist/mfa/call-context.js'
import { createRevisions } from '../../dist/mfa/revision.js'
import { writeOnRecord } from '../../dist/mfa/write.js'

/** If `point` is `null`, nothing is sent, and the process ends in order. `users` is the number of parallel writes. */
const { url, path, auditKeys, accessKeySecret, point, delayMs, users } = JSON.parse(process.argv[2])

const log = createLog('warn', process.stderr)
const { toRevision, isRevisionOf } = createRevisions([accessKeySecret])
const client = createGenAuthClient({
  url,
  accessKey: { accessKeyId: 'key-id', accessKeySecret },
  rereadKey: null,
  auth: 'signature',
  userPoolId: 'pool',
  headerPrefix: 'x-authing-',
  signatureScheme: 'authing',
  tenant: null,
  timeoutMs: 5_000,
  maxRps: 10_000,
  log,
  clock: systemClock,
  observer: { events: new Events(), tracer: null, clock: systemClock },
})
const { upstreamFor } = client
const operation = ownCallContext(createDeadline(60_000, systemClock))
const upstream = upstreamFor(operation)
const journal = await createJournal({
  // A segment holds about two writes.
  target: { kind: 'file', path, segmentBytes: 5_000, pid: process.pid, isAlive },
  keys: toAuditKeyring({ auditKeys, accessKeySecret }),
  clock: systemClock,
  log,
})
const keepAlive = setInterval(() => {}, 1_000)
await startRecovery({
  journal,
  upstreamFor,
  isRevisionOf,
  withUserLock: createUserLocks(),
  // The stand-in for GenAuth carries out a write within 20 ms.
  concludeAfterMs: 200,
  isAlone: true,
  clock: systemClock,
  log,
}).ended
clearInterval(keepAlive)

const dyingJournal = {
  refuseUnlessOpen: () => journal.refuseUnlessOpen(),
  isContested: intent => journal.isContested(intent),
  changeIdOf: intent => journal.changeIdOf(intent),
  async begin(intent) {
    dieAt('before intent')
    const conclude = await journal.begin(intent)
    dieAt('after intent')
    return async conclusion => {
      dieAt('after the write')
      await conclude(conclusion)
    }
  },
}

const dyingUpstream = {
  readMfa: user => upstream.readMfa(user),
  async writeMfa(...args) {
    const written = upstream.writeMfa(...args)
    if (point === 'during the write') {
      await setTimeout(delayMs)
      dieAt('during the write')
    }
    return written
  },
}

if (point !== null) await Promise.all(users.map(setAndDie))
await journal.close()
await client.close()

async function setAndDie(userId) {
  const user = { userId, userIdType: 'USER_ID' }
  const read = await upstream.readMfa(user)
  const before = read.value.state
  await writeOnRecord(
    {
      parts: {
        upstreamFor: () => dyingUpstream,
        journal: dyingJournal,
        toRevision,
        readsInFlight: { close() {} },
      },
      context: {
        ...operation,
        requestId: `request-${userId}`,
        caller: { issuer: 'https://issuer.example', subject: 'admin', client: null },
      },
    },
    {
      given: user,
      user,
      before,
      after: { ...before, factors: [{ code: 'OTP', enabled: true, sort: 0 }] },
      mfaToken: read.value.mfaToken,
      reason: null,
      revertOf: null,
      effects: [],
      railsPassed: [],
    },
    { isHeld: () => true },
  )
  dieAt('before the answer')
}

function dieAt(here) {
  if (here === point) process.kill(process.pid, 'SIGKILL')
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
