import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { type AuditKeyring, toAuditKeyring } from '../../src/journal/audit-key.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { type Json, type StartAppOptions, startApp, type TestApp } from './app.ts'
import { CANARY } from './canaries.ts'
import { readRecords } from './journal.ts'

const KEYS = toAuditKeyring({ auditKeys: [], accessKeySecret: CANARY.accessKeySecret })

/** An app with a store, whose changes can be undone. */
export interface UndoApp extends TestApp {
  /** Makes a change. Returns its payload with the id that the journal gave it, `null` if none was sent. */
  set(input: object, headers?: Record<string, string>): Promise<Json>
  undo(input: Json, headers?: Record<string, string>): Promise<Json>
  /** The records of this kind so far. */
  records(kind: string): Json[]
  /** Returns the first break of the journal's chain, or `null`. */
  findBreak(keys?: AuditKeyring): Promise<Json>
}

/** The places of an app that outlive it. */
export interface UndoPlaces extends AsyncDisposable {
  readonly env: { readonly STORE_URL: string; readonly AUDIT_LOG: string }
}

export async function makeUndoPlaces(): Promise<UndoPlaces> {
  const folder = await mkdtemp(join(tmpdir(), 'undo-'))
  return {
    env: { STORE_URL: `file:${join(folder, 'store.db')}`, AUDIT_LOG: join(folder, 'audit.jsonl') },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

const CHANGE = /* GraphQL */ `
  __typename
  ... on SetUserMfaStatusSuccess { applied changed changes { code } effects userMfa { revision factors { code enabled sort } } }
  ... on SetUserMfaStatusPreview { userId changed expectedRevision after { factors { code enabled sort } } }
  ... on MfaError { code message retryable }
  ... on MfaInvalidInputError { fieldErrors { path } }
  ... on MfaPolicyViolationError { rule effects }
  ... on MfaStepUpRequiredError { maxAgeS }
  ... on MfaRateLimitedError { origin }
  ... on MfaRevisionConflictError { current { revision factors { code enabled sort } } }
  ... on MfaUpstreamUnavailableError { outcome }
`
const SET = `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) { ${CHANGE} } }`
const UNDO = `mutation ($input: RevertMfaChangeInput!) {
  revertMfaChange(input: $input) { ${CHANGE} ... on MfaNotRevertibleError { why } }
}`

/** The index of the changes may be behind the journal for a moment, and says so. That costs no call. */
function isOnItsWay({ code, why, retryable }: Json, { outcome }: Json): boolean {
  return (
    retryable === true &&
    (code === 'CHANGE_NOT_FOUND' || (why === 'OUTCOME_UNKNOWN' && outcome !== 'UNKNOWN'))
  )
}

/** Starts an app with a store and a journal in files, which are removed with it unless a test gives the places. */
export async function startUndoApp(options: StartAppOptions = {}, given?: UndoPlaces): Promise<UndoApp> {
  const places = given ?? (await makeUndoPlaces())
  const app = await startApp({ ...options, env: { ...places.env, ...options.env } })
  const path = places.env.AUDIT_LOG
  const close = app[Symbol.asyncDispose].bind(app)
  const records = (kind: string) => readRecords(path).filter(record => record.kind === kind)
  return Object.assign(app, {
    records,
    findBreak: async (keys = KEYS) => (await verifyJournal(path, keys)).firstBreak,
    async set(input: object, headers?: Record<string, string>) {
      const before = records('intent').length
      const { data } = await app.graphql(SET, { input }, headers)
      return { ...data.setUserMfaStatus, changeId: records('intent')[before]?.id ?? null }
    },
    async undo(input: Json, headers?: Record<string, string>) {
      const [outcome] = records('outcome').filter(({ intent }) => intent === input.changeId)
      let last: Json = null
      await vi.waitUntil(
        async () => {
          const { status, data, errors } = await app.graphql(UNDO, { input }, headers)
          last = data?.revertMfaChange ?? { status, error: errors[0] }
          return outcome === undefined || !isOnItsWay(last, outcome)
        },
        { timeout: 15_000 },
      )
      return last
    },
    async [Symbol.asyncDispose]() {
      await close()
      if (given === undefined) await places[Symbol.asyncDispose]()
    },
  })
}
