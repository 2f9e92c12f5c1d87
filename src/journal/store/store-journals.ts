import { randomUUID } from 'node:crypto'
import { type Clock, every, type Timer } from '../../base/clock.ts'
import { StoreUnavailableError } from '../../base/store-unavailable-error.ts'
import { type AttendedJournal, type AttendOptions, attendJournal } from '../attend-journal.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { DurableListener } from '../chain-writer.ts'
import { type Journal, type JournalStart, startJournal, UnknownAuditKeyError } from '../journal.ts'
import type { JournalStoreTarget } from '../journal-target.ts'
import type { ChainClaim, ChainLoss, ClaimedChain, TakeOverWhich } from './chain-store.ts'
import { beginChain, type ChainOptions, continueChain, type OpenChain } from './open-chain.ts'
import { RefusedChains } from './refused-chains.ts'

export interface StoreJournalsOptions extends AttendOptions {
  readonly target: JournalStoreTarget
  readonly keys: AuditKeyring
  readonly onDurable: DurableListener
  readonly clock: Clock
}

/** A chain that this process continues. */
interface HeldChain extends OpenChain {
  readonly attended: AttendedJournal
}

/** A process that was silent for this long loses its chain to the first one that looks. */
const LEASE_MS = 15_000
/** A lease is renewed, and chains without a lease are looked for, this often. */
const LOOK_EVERY_MS = 5_000
const RETRY_MS = 1_000

/**
 * The journals of a process in the store. Each process begins a chain of its own, and takes over chains whose process is
 * gone. On these it concludes the open intents and follows up the writes in doubt, until each write is resolved. A process
 * that has lost its own chain begins another.
 */
export class StoreJournals {
  readonly #options: StoreJournalsOptions
  readonly #signal: AbortSignal
  readonly #held = new Map<string, HeldChain>()
  /** Chains that are being taken over. */
  readonly #claimed = new Map<ChainClaim, OpenChain | null>()
  readonly #refused: RefusedChains
  #keys: AuditKeyring
  #own: HeldChain | null = null
  /** The chain that this process is beginning. */
  #beginning: string | null = null
  #renewing: Promise<void> | null = null
  #isLooking = false
  /** Since when this process can use the store without a break, by the monotonic clock. `null` if it cannot. */
  #usableSinceMs: number | null = null
  #timers: readonly Timer[] = []

  /**
   * Waits for the store as long as it cannot be used. Then begins a chain, and takes over what there is.
   *
   * @param signal ends the wait, with its reason
   */
  static async open(options: StoreJournalsOptions, signal: AbortSignal): Promise<StoreJournals> {
    const journals = new StoreJournals(options, signal)
    const everyLook = (work: () => Promise<void>) =>
      every(options.clock, LOOK_EVERY_MS, () => void work()).unref()
    await journals.#begin()
    // A takeover of many chains lasts longer than a lease.
    const renewals = everyLook(() => journals.#renew())
    try {
      await journals.#whenUsable(() => journals.#takeOver())
    } catch (error) {
      renewals.cancel()
      throw error
    }
    journals.#timers = [renewals, everyLook(() => journals.#look())]
    return journals
  }

  private constructor(options: StoreJournalsOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
    this.#keys = options.keys
    this.#refused = new RefusedChains(options.log)
  }

  get own(): Journal | null {
    return this.#own?.attended.journal ?? null
  }

  get attended(): AttendedJournal[] {
    return [...this.#held.values()].map(({ attended }) => attended)
  }

  async useKeys(ring: AuditKeyring): Promise<void> {
    await this.#own?.attended.journal.useKeys(ring)
    this.#keys = ring
    this.#refused.tryOtherKeys()
    for (const { attended } of this.#held.values()) await followKeys(attended.journal, ring)
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await Promise.all(this.attended.map(attended => attended.close()))
  }

  /** Begins the chain of this process, which is a new one each time. */
  async #begin(): Promise<void> {
    for (;;) {
      const run = randomUUID()
      this.#beginning = run
      const options = this.#toOptions(run, run)
      const chain = await this.#whenUsable(() => beginChain(options, this.#keys, this.#options))
      const held = await this.#start(chain)
      if (held === null) continue
      if (this.#signal.aborted) return this.#letGo(held)
      this.#own = held
      this.#beginning = null
      return
    }
  }

  /** Takes over what there is, and ends the work on what is resolved. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      await this.#renew()
      if (this.#usableSinceMs === null) return
      await this.#takeOver()
      await this.#settle()
    } catch (error) {
      this.#noteFault(error)
    } finally {
      this.#isLooking = false
    }
  }

  /** Renews all leases. It never rejects, and does it once at a time. */
  #renew(): Promise<void> {
    this.#renewing ??= this.#renewAll().finally(() => {
      this.#renewing = null
    })
    return this.#renewing
  }

  async #renewAll(): Promise<void> {
    const held = [...this.#held.values()]
    const claimed = [...this.#claimed]
    const claims = [...held.map(({ claim }) => claim), ...claimed.map(([claim]) => claim)]
    try {
      const renewed = new Set(await this.#options.target.chains.renew(claims, LEASE_MS))
      this.#usableSinceMs ??= this.#options.clock.monotonic()
      for (const { claim, sink } of held) {
        sink.noteAway(false)
        if (!renewed.has(claim)) sink.lose('LOST')
      }
      for (const [claim, chain] of claimed) if (!renewed.has(claim)) chain?.sink.lose('LOST')
    } catch (error) {
      this.#usableSinceMs = null
      for (const { sink } of held) sink.noteAway(true)
      this.#noteFault(error)
    }
  }

  #noteFault(error: unknown): void {
    // The store says in the log why it cannot be used.
    if (!(error instanceof StoreUnavailableError)) this.#options.log.error({ err: error }, 'unexpected error')
  }

  /** Takes over all chains whose process is gone, some at a time. */
  async #takeOver(): Promise<void> {
    const { target } = this.#options
    for (;;) {
      const which = this.#whichToTakeOver()
      const except = [...this.#held.keys(), ...this.#refused.chainIds(), this.#beginning ?? '']
      const claimed = await target.chains.takeOver({ leaseMs: LEASE_MS, which, except })
      if (claimed.length === 0) return
      for (const { claim } of claimed) this.#claimed.set(claim, null)
      try {
        await this.#startAll(claimed)
      } finally {
        this.#claimed.clear()
      }
      await this.#settle()
    }
  }

  /** All are read before one is started, because their writes may meet. */
  async #startAll(claimed: readonly ClaimedChain[]): Promise<void> {
    const opened: OpenChain[] = []
    for (const one of claimed) {
      const chain = await this.#continue(one)
      if (chain === null) this.#claimed.delete(one.claim)
      else {
        this.#claimed.set(one.claim, chain)
        opened.push(chain)
      }
    }
    for (const chain of opened) {
      const held = await this.#start(chain, opened)
      this.#claimed.delete(chain.claim)
      if (held === null) continue
      const { journal } = held.attended
      // The dead process may have told nobody of its last records.
      const { chainId } = chain.claim
      this.#options.onDurable({ records: [], end: journal.end(), chainId, source: Symbol('takeover') })
    }
  }

  /**
   * After the store was away, all leases are over. Each process gets the time of a lease to renew its own, before others
   * count it as gone.
   */
  #whichToTakeOver(): TakeOverWhich {
    const { target, clock } = this.#options
    if (target.isAlone) return 'ALL'
    const sinceMs = this.#usableSinceMs
    return sinceMs !== null && clock.monotonic() - sinceMs >= LEASE_MS ? 'LAPSED' : 'RELEASED'
  }

  async #continue(claimed: ClaimedChain): Promise<OpenChain | null> {
    const { target } = this.#options
    const { claim } = claimed
    const run = this.#own?.claim.chainId ?? claim.chainId
    const found = await continueChain(this.#toOptions(claim.chainId, run), claimed, this.#keys, this.#options)
    switch (found.kind) {
      case 'OPEN':
        return found.chain
      case 'EMPTY':
        await target.chains.release(claim, true)
        return null
      case 'BROKEN': {
        // Another process has continued it if this one was silent in the meantime.
        const isHeld = (await target.chains.renew([claim], LEASE_MS)).length > 0
        if (isHeld) {
          this.#refused.add(claimed, found)
          await target.chains.release(claim, false)
        }
        return null
      }
    }
  }

  /** @returns `null` if the chain was lost before anything could be written */
  async #start(chain: OpenChain, beside: readonly OpenChain[] = []): Promise<HeldChain | null> {
    const { onDurable, ...options } = this.#options
    const others = [...this.#held.values(), ...beside].filter(one => one !== chain)
    const start: JournalStart = {
      ...chain.start,
      sealedFaults: this.#refused.faults,
      isAimedAtElsewhere: intent => others.some(one => one.start.unresolved.isAimedAt(intent)),
    }
    const giveUp = () => chain.sink.giveUp()
    this.#signal.addEventListener('abort', giveUp)
    try {
      const ring = this.#keys
      const journal = await startJournal(start, ring, options)
      if (ring !== this.#keys) await followKeys(journal, this.#keys)
      journal.onDurable(onDurable)
      const held = { ...chain, attended: attendJournal(journal, options) }
      this.#held.set(chain.claim.chainId, held)
      return held
    } catch (error) {
      if (chain.sink.isLost()) return null
      throw error
    } finally {
      this.#signal.removeEventListener('abort', giveUp)
    }
  }

  /** Ends the work on chains that were taken over and have nothing left to resolve. */
  async #settle(): Promise<void> {
    for (const held of [...this.#held.values()]) {
      const { records, policies } = held.start.unresolved
      if (held !== this.#own && records.size + policies.size === 0) await this.#letGo(held)
    }
  }

  async #letGo(held: HeldChain): Promise<void> {
    this.#held.delete(held.claim.chainId)
    await held.attended.close()
  }

  async #lose(chainId: string, why: ChainLoss): Promise<void> {
    const { log } = this.#options
    const held = this.#held.get(chainId)
    const isOwn = held !== undefined && held === this.#own
    if (isOwn) this.#own = null
    const facts = { chain: chainId, own: isOwn }
    if (why === 'LOST') log.warn(facts, 'another process has taken over a chain of the audit journal')
    else log.error(facts, 'a chain of the audit journal was removed or changed in the store')
    const closed = held && this.#letGo(held)
    if (isOwn && !this.#signal.aborted) await this.#begin()
    await closed
  }

  #toOptions(chainId: string, run: string): ChainOptions {
    const { chains, segmentBytes } = this.#options.target
    const onLost = (why: ChainLoss) => {
      this.#lose(chainId, why).catch(error => {
        if (!this.#signal.aborted) this.#options.log.error({ err: error }, 'unexpected error')
      })
    }
    return { chains, segmentBytes, leaseMs: LEASE_MS, run, onLost }
  }

  async #whenUsable<T>(work: () => Promise<T>): Promise<T> {
    const { clock } = this.#options
    for (;;) {
      this.#signal.throwIfAborted()
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error
        await new Promise<void>(resolve => void clock.after(RETRY_MS, resolve))
      }
    }
  }
}

/** A chain under a key that is not given any more goes on under it. */
async function followKeys(journal: Pick<Journal, 'useKeys'>, ring: AuditKeyring): Promise<void> {
  await journal.useKeys(ring).catch(error => {
    if (!(error instanceof UnknownAuditKeyError)) throw error
  })
}
