import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { CANARY, watchForLeaks } from '../support/canaries.ts'
import { endWithParent } from '../support/end-with-parent.ts'
import { journalPath, readRecords } from '../support/journal.ts'
import { startPoolGenAuth } from '../support/pool-genauth.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CHILD = fileURLToPath(new URL('../support/kill-9-policy-child.mjs', import.meta.url))
const SECRETS = {
  auditKeys: ['the key of these tests'],
  accessKeyId: 'fake-access-key-id',
  accessKeySecret: CANARY.accessKeySecret,
}
const BEFORE = ['EMAIL', 'PASSKEY', 'SMS']
const BOTH = ['EMAIL', 'OTP', 'PASSKEY', 'SMS']
const WANTED = ['OTP', 'PASSKEY', 'SMS']

async function runChild(options: object) {
  const child = endWithParent(
    spawn(process.execPath, [CHILD, JSON.stringify({ ...SECRETS, ...options })], { cwd: ROOT }),
  )
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  const [code, signal] = await once(child, 'close')
  watchForLeaks('stderr', log)
  return { code, signal, log }
}

describe('a process that is killed while it changes the pool', () => {
  it.each([
    ['after the intent', BEFORE, 'UNKNOWN'],
    ['after the first write', BOTH, 'UNKNOWN'],
    ['before the second write', BOTH, 'UNKNOWN'],
    ['before the outcome', WANTED, 'APPLIED'],
  ])(
    '%s leaves the pool at %j, and the next start records %s',
    { tags: 'long', timeout: 60_000 },
    async (point, left, outcome) => {
      await using genauth = await startPoolGenAuth()
      genauth.begin(BEFORE)
      const path = journalPath()
      const url = genauth.env['GENAUTH_URL']
      const killed = await runChild({ url, path, point, enabledFactors: ['SMS', 'OTP'] })
      expect(killed, killed.log).toMatchObject({ signal: 'SIGKILL' })
      expect(genauth.factors()).toEqual(left)
      const keys = toAuditKeyring(SECRETS)
      expect((await verifyJournal(path, keys)).openIntents).toHaveLength(1)

      const next = await runChild({ url, path, point: null })
      expect(next, next.log).toMatchObject({ code: 0 })
      expect(next.log).toContain('concluded a change of a policy that an earlier process left open')
      expect(await verifyJournal(path, keys)).toMatchObject({ openIntents: [], firstBreak: null })
      const [intent, ...others] = readRecords(path).filter(({ kind }) => kind.startsWith('policy'))
      expect(others).toMatchObject([
        { kind: 'policyOutcome', intent: intent.id, outcome, recovered: true, durationMs: null },
      ])
      // The next start reads, and writes nothing.
      expect(genauth.factors()).toEqual(left)
    },
  )
})
