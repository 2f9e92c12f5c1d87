import type { Clock } from '../../base/clock.ts'
import type { MfaFactorType } from '../../mfa/factor.ts'
import type { ScanRun } from '../run-scan.ts'
import type { ScanFailure } from '../scan.ts'
import type { ScanClaim, ScanEnd, ScanStore, StoredPage } from '../scan-store.ts'
import type { ListedUser, ScanUpstreamFor } from '../scan-upstream.ts'
import { type EndScanParts, endScan } from './end-scan.ts'
import { listAgain } from './list-again.ts'
import { MemberDigest } from './member-digest.ts'
import { PageWriter } from './page-writer.ts'
import { type PreparedPopulation, preparePopulation } from './prepare-population.ts'
import { type ListStep, readListPage } from './read-list-page.ts'
import { ScanCalls } from './scan-calls.ts'
import { parsePosition, type ScanPosition, toPositionText } from './scan-position.ts'
import { UserReader } from './user-reader.ts'

export interface ScanRunnerOptions extends EndScanParts {
  readonly store: Pick<ScanStore, 'find' | 'storePage' | 'pause' | 'end'>
  readonly upstreamFor: ScanUpstreamFor
  /** The requests that GenAuth allows a user pool in a second. */
  readonly maxRps: number
  readonly clock: Clock
}

type ReadyPopulation = Extract<PreparedPopulation, { kind: 'READY' }>
type ReadPage = Extract<ListStep, { kind: 'PAGE' }>
/** Why a run goes no further. */
type Obstacle =
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  | { readonly kind: 'UNANSWERED' }
  | { readonly kind: 'FENCED' }
type Outcome = { readonly kind: 'DONE' } | Obstacle

const DONE: Outcome = { kind: 'DONE' }

/** One run of a claimed scan: reads and stores page after page, from where the run before came to. */
export class ScanRunner {
  readonly #options: ScanRunnerOptions
  readonly #claim: ScanClaim
  readonly #stop: AbortSignal
  readonly #calls: ScanCalls
  readonly #reader: UserReader
  readonly #pages: PageWriter
  /** Users of several groups are read once. */
  readonly #readIds = new Set<string>()
  #position: ScanPosition
  #expected: number
  #unreadable: number

  constructor(options: ScanRunnerOptions, claim: ScanClaim, stop: AbortSignal) {
    const { store, upstreamFor, maxRps, clock } = options
    const { scan, position } = claim
    this.#options = options
    this.#claim = claim
    this.#stop = stop
    this.#calls = new ScanCalls({ upstreamFor, perSecond: maxRps * scan.budgetShare, stop, clock })
    this.#reader = new UserReader({ calls: this.#calls, depth: scan.depth, now: clock.now })
    this.#pages = new PageWriter({ store, claim, calls: this.#calls, clock })
    this.#position = parsePosition(position)
    this.#expected = scan.expected ?? 0
    this.#unreadable = scan.unreadable
  }

  /** Rejects if the store cannot be used. */
  async run(): Promise<ScanRun> {
    try {
      return await this.#run()
    } finally {
      this.#calls.close()
    }
  }

  async #run(): Promise<ScanRun> {
    const read = await this.#readAll()
    if (this.#stop.aborted) return 'STOPPED'
    if (read.kind !== 'DONE') return this.#giveUp(read)
    const isWhole = await this.#isWhole()
    if (this.#stop.aborted) return 'STOPPED'
    if (typeof isWhole !== 'boolean') return this.#giveUp(isWhole)
    const poolFactors = await this.#readPoolFactors()
    if (this.#stop.aborted) return 'STOPPED'
    return this.#end({ status: 'SUCCEEDED', isWhole, poolFactors, atMs: this.#options.clock.now() })
  }

  async #readAll(): Promise<Outcome> {
    const population = await this.#prepare()
    if (population.kind !== 'READY') return population
    const counted = await this.#count(population)
    if (counted.kind !== 'DONE') return counted
    for (let { place } = this.#position; place !== null; place = this.#position.place) {
      const step = await readListPage(population.lists, place)
      if (step.kind !== 'PAGE') return step
      const isStart = place.page === 1 && place.fromMs === null
      const stored = await this.#readPage(population, step, isStart ? step.totalCount : 0)
      if (stored.kind !== 'DONE') return stored
      if (step.isCutShort) return { kind: 'FAILED', failure: 'LIST_CUT_SHORT' }
    }
    return this.#flush()
  }

  #prepare(): Promise<PreparedPopulation> {
    return preparePopulation(this.#calls, this.#claim.scan.population)
  }

  /** The first page of one list counts it. Several lists are counted before. */
  async #count({ lists }: ReadyPopulation): Promise<Outcome> {
    if (this.#claim.scan.expected !== null || lists.length < 2) return DONE
    for (const list of lists) {
      const first = await list.read(1, null)
      if (first.kind === 'UNANSWERED') return first
      if (first.kind === 'ANSWERED') this.#expected += first.value.totalCount
    }
    return DONE
  }

  async #readPage({ lists, fits }: ReadyPopulation, step: ReadPage, counted: number): Promise<Outcome> {
    const digest = new MemberDigest(this.#position.digest)
    const members: ListedUser[] = []
    for (const user of step.users) {
      const { USER_ID: userId } = user.ids
      const isMember = fits(user)
      digest.add(userId, isMember)
      if (isMember && !this.#readIds.has(userId)) members.push(user)
      if (isMember && lists.length > 1) this.#readIds.add(userId)
    }
    const read = await this.#reader.read(members)
    if (read.kind !== 'READ') return read
    const before = this.#position
    if (lists.length === 1 && this.#expected === 0) this.#expected = step.totalCount
    this.#position = {
      place: step.next,
      listed: before.listed + step.users.length + step.unreadable,
      counted: before.counted + counted,
      digest: digest.toString(),
      hasMoved: before.hasMoved || step.hasMoved || read.gone > 0,
      hasWindows: before.hasWindows || step.isOfWindow,
    }
    if (this.#stop.aborted) return { kind: 'UNANSWERED' }
    const unreadable = read.unreadable + step.unreadable
    this.#unreadable += unreadable
    return toOutcome(await this.#pages.add(read.rows, unreadable, this.#progress))
  }

  /** Stores what is not stored yet. After the signal nothing more is stored. */
  async #flush(): Promise<Outcome> {
    if (this.#stop.aborted) return { kind: 'UNANSWERED' }
    return toOutcome(await this.#pages.flush(this.#progress))
  }

  get #progress() {
    return { expected: this.#expected, position: toPositionText(this.#position) }
  }

  /**
   * Lists everybody again, unless something has moved for certain. Windows are tried in any case, because they may leave
   * out users.
   */
  async #isWhole(): Promise<boolean | Obstacle> {
    const { listed, counted, hasMoved, hasWindows } = this.#position
    const isMoved = hasMoved || listed !== counted || this.#unreadable > 0
    if (isMoved && !hasWindows) return false
    const population = await this.#prepare()
    if (population.kind === 'UNANSWERED') return population
    if (population.kind === 'FAILED') return false
    const again = await listAgain(population, this.#position)
    switch (again) {
      case 'UNANSWERED':
        return { kind: 'UNANSWERED' }
      case 'CUT_SHORT':
        return { kind: 'FAILED', failure: 'LIST_CUT_SHORT' }
      case 'MOVED':
      case 'SAME':
        return again === 'SAME' && !isMoved
    }
  }

  async #readPoolFactors(): Promise<readonly MfaFactorType[] | null> {
    const called = await this.#calls.make(upstream => upstream.readGlobalFactors())
    return called.kind === 'ANSWERED' ? called.value : null
  }

  async #giveUp(obstacle: Obstacle): Promise<ScanRun> {
    const { store, clock } = this.#options
    switch (obstacle.kind) {
      case 'FENCED':
        return 'FENCED'
      case 'UNANSWERED': {
        const stored = await this.#flush()
        return stored.kind === 'FENCED' ? 'FENCED' : store.pause(this.#claim)
      }
      case 'FAILED': {
        const { failure } = obstacle
        return this.#end({ status: 'FAILED', failure, poolFactors: null, atMs: clock.now() })
      }
    }
  }

  async #end(end: ScanEnd): Promise<ScanRun> {
    const flushed = await this.#flush()
    if (this.#stop.aborted) return 'STOPPED'
    return flushed.kind === 'DONE' ? endScan(this.#options, this.#claim, end) : 'FENCED'
  }
}

function toOutcome(stored: StoredPage['kind']): Outcome {
  return stored === 'STORED' ? DONE : { kind: 'FENCED' }
}
