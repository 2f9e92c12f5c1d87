// Concludes the changes of the pool that the process before left open. Then it makes one, and dies without warning at
// the given point. If `point` is `null`, it makes none, and ends in order.
import { systemClock } from '../../dist/base/clock.js'
import { createDeadline } from '../../dist/base/deadline.js'
import { Events } from '../../dist/base/events.js'
import { createGenAuthClient } from '../../dist/genauth/client.js'
import { toAuditKeyring } from '../../dist/journal/audit-key.js'
import { createJournal } from '../../dist/journal/create-journal.js'
import { startPolicyRecovery } from '../../dist/journal/resolve/recover-policies.js'
import { createUserLocks } from '../../dist/locks/user-locks.js'
import { createLog } from '../../dist/log.js'
import { ownCallContext } from '../../dist/mfa/call-context.js'
import { NO_LIMITS } from '../../dist/mfa/caller-limits.js'
import { setPoolPolicy } from '../../dist/policy/set-pool-policy.js'

const { url, path, auditKeys, accessKeyId, accessKeySecret, point, enabledFactors } = JSON.parse(
  process.argv[2],
)

const log = createLog('warn', process.stderr)
const events = new Events()
const client = createGenAuthClient({
  url,
  accessKey: { accessKeyId, accessKeySecret },
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
  observer: { events, tracer: null, clock: systemClock },
})
const journal = await createJournal({
  target: { kind: 'file', path, segmentBytes: 1_000_000, pid: process.pid, isAlive },
  keys: toAuditKeyring({ auditKeys, accessKeySecret }),
  clock: systemClock,
  log,
})
const withUserLock = createUserLocks()
const keepAlive = setInterval(() => {}, 1_000)
await startPolicyRecovery({
  journal,
  upstreamFor: client.upstreamFor,
  withUserLock,
  // The stand-in for GenAuth carries out a write before it replies.
  concludeAfterMs: 100,
  isAlone: true,
  clock: systemClock,
  log,
}).ended
clearInterval(keepAlive)
if (point !== null) await change()
await journal.close()
await client.close()

async function change() {
  const context = {
    ...ownCallContext(createDeadline(30_000, systemClock)),
    requestId: 'request-1',
    caller: { issuer: 'https://issuer.example', subject: 'admin', client: null },
  }
  const parts = {
    upstreamFor: operation => dying(client.upstreamFor(operation)),
    journal: {
      refuseUnlessOpen() {},
      async beginPolicy(intent) {
        const conclude = await journal.beginPolicy(intent)
        dieAt('after the intent')
        return async conclusion => {
          dieAt('before the outcome')
          await conclude(conclusion)
        }
      },
    },
    guardRails: { allowSelfWeakening: false, stepUp: null, requireReason: 'off', sharedLockFor: 'off' },
    withUserLock,
    clock: systemClock,
    events,
    onPoolWritten() {},
  }
  const scope = { parts, context, limits: NO_LIMITS, upstream: parts.upstreamFor(context) }
  const wanted = { enabledFactors, expectedRevision: null, allowNoFactor: false, reason: null, dryRun: false }
  await setPoolPolicy(scope, wanted)
}

function dying(upstream) {
  return {
    readPoolFactors: () => upstream.readPoolFactors(),
    async addPoolFactors(codes) {
      const added = await upstream.addPoolFactors(codes)
      dieAt('after the first write')
      return added
    },
    disablePoolFactors(types) {
      dieAt('before the second write')
      return upstream.disablePoolFactors(types)
    },
  }
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
