import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { CANARY, watchForLeaks } from '../support/canaries.ts'
import { endWithParent } from '../support/end-with-parent.ts'
import { journalPath, readRecords } from '../support/journal.ts'
import { startLedgerGenAuth } from '../support/ledger-genauth.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CHILD = fileURLToPath(new URL('../support/kill-9-child.mjs', import.meta.url))
const POINTS = ['before intent', 'after intent', 'during the write', 'after the write', 'before the answer']
/** Over all points together. */
const RUNS = Number(process.env['KILL_RUNS'] ?? 25)
const RUNS_PER_POINT = Math.ceil(RUNS / POINTS.length)
const SETS_AT_ONCE = 3
const KILL_DELAYS_MS = [0, 2, 5, 10, 25]

const SECRETS = { auditKeys: ['the key of these tests'], accessKeySecret: CANARY.accessKeySecret }

async function runChild(
  options: object,
): Promise<{ signal: string | null; code: number | null; log: string }> {
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

/** 24 hexadecimal digits, as GenAuth's ids are. */
const toUserId = (run: number, set: number) => (run * SETS_AT_ONCE + set + 1).toString(16).padStart(24, '0')

describe.concurrent('a process that is killed', () => {
  it.for(POINTS)(
    `%s, ${RUNS_PER_POINT} times, leaves a journal in which each intent gets one outcome that is true`,
    { tags: 'long', timeout: 60_000 + RUNS_PER_POINT * 20_000 },
    async (point, { onTestFinished }) => {
      await using genauth = await startLedgerGenAuth()
      const path = journalPath(onTestFinished)
      const { url } = genauth
      for (let run = 0; run < RUNS_PER_POINT; run++) {
        const users = Array.from({ length: SETS_AT_ONCE }, (_, set) => toUserId(run, set))
        const delayMs = KILL_DELAYS_MS[run % KILL_DELAYS_MS.length]
        const killed = await runChild({ url, path, point, delayMs, users })
        expect(killed, killed.log).toMatchObject({ signal: 'SIGKILL' })
      }
      expect(await runChild({ url, path, point: null })).toMatchObject({ code: 0 })

      expect(await verifyJournal(path, toAuditKeyring(SECRETS))).toMatchObject({
        openIntents: [],
        tornTail: null,
        firstBreak: null,
      })
      const records = readRecords(path)
      const intents = records.filter(({ kind }) => kind === 'intent')
      const outcomes = records.filter(({ kind }) => kind === 'outcome')
      expect(outcomes.map(({ intent }) => intent).toSorted()).toEqual(intents.map(({ id }) => id).toSorted())
      for (const { id, user } of intents) {
        const { outcome, recovered } = outcomes.find(({ intent }) => intent === id)
        const known = genauth.writes.includes(user.genauthId) ? 'APPLIED' : 'NOT_APPLIED'
        // The state before proves nothing about a write whose sender is dead.
        expect(recovered ? [known === 'APPLIED' ? 'APPLIED' : 'UNKNOWN', 'UNKNOWN'] : [known]).toContain(
          outcome,
        )
      }
      expect(new Set(genauth.writes).size).toBe(genauth.writes.length)
      expect(intents.map(({ user }) => user.genauthId)).toEqual(expect.arrayContaining([...genauth.writes]))

      const recovered = outcomes.filter(outcome => outcome.recovered)
      if (process.env['KILL_RUNS'] !== undefined) {
        const applied = recovered.filter(({ outcome }) => outcome === 'APPLIED').length
        console.info(
          `${point}: ${RUNS_PER_POINT} kills, ${intents.length} intents, ${recovered.length} recovered (${applied} applied)`,
        )
      }
      if (point !== 'before intent' && point !== 'before the answer') {
        expect(recovered.length).toBeGreaterThanOrEqual(RUNS_PER_POINT)
      }
      if (point === 'after the write') {
        expect(recovered.filter(({ outcome }) => outcome === 'APPLIED').length).toBeGreaterThan(0)
      }
    },
  )
})
