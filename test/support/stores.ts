import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, vi } from 'vitest'
import { createStore, type Store, type StoreOptions } from '../../src/store/create-store.ts'
import { parseStoreUrl, type StoreTarget } from '../../src/store/store-target.ts'
import { createLapsingClock } from './hand-clock.ts'
import { HAS_POSTGRES, startPostgres, type TestPostgres } from './postgres.ts'

/** The databases of this machine in which a store can be. */
export const ENGINES = HAS_POSTGRES ? (['file', 'postgres'] as const) : (['file'] as const)
export type Engine = 'file' | 'postgres'

/** As the store waits before it opens again. */
const RETRY_MS = 2_000

export interface OpenedStore extends AsyncDisposable {
  readonly store: Store
  /** Each fault that the log named, and `USABLE` after one. */
  readonly faults: readonly string[]
  /** Lets the store open again now. */
  lapse(): void
}

/** Gives the tests of a file empty places for stores, and one PostgreSQL that they share. */
export async function useStores() {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  let postgres: TestPostgres | null = null
  let files = 0
  beforeAll(async () => {
    if (HAS_POSTGRES) postgres = await startPostgres()
  }, 60_000)
  afterAll(async () => {
    await postgres?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const newPath = () => join(folder, `${++files}.db`)
  async function newUrl(engine: Engine, encoding?: 'LATIN1'): Promise<string> {
    return engine === 'file' ? `file:${newPath()}` : ((await postgres?.createDatabase(encoding)) ?? '')
  }
  return {
    folder,
    newPath,
    newUrl,
    newTarget: async (engine: Engine) => toTarget(await newUrl(engine)),
  }
}

export function toTarget(url: string): StoreTarget {
  const parsed = parseStoreUrl(url)
  if (!parsed.ok) throw new Error(parsed.rule)
  return parsed.target
}

/** After a fault the store is opened again when the test says so. */
export async function openStore(
  target: StoreTarget,
  { isAlone = false, userPoolId = () => null }: Partial<Pick<StoreOptions, 'isAlone' | 'userPoolId'>> = {},
): Promise<OpenedStore> {
  const faults: string[] = []
  const log = pino({ level: 'info' }, { write: line => faults.push(JSON.parse(line).fault ?? 'USABLE') })
  const { clock, lapse } = createLapsingClock(RETRY_MS)
  const store = await createStore({ target, isAlone, userPoolId, clock, log })
  // The start waits for a second. A busy machine may take longer.
  await vi.waitUntil(() => store.fault !== 'OPENING', { timeout: 15_000 })
  return { store, faults, lapse, [Symbol.asyncDispose]: () => store.close() }
}
