/** A chain of records that this process continues, until another process takes it over. */
export interface ChainClaim {
  /** The `run` of the process that began the chain. */
  readonly chainId: string
  /** Raised each time that a process takes the chain over. An append under an older one stores nothing. */
  readonly epoch: number
}

/** A chain as the store knows it. Its records alone are signed. */
export interface StoredChain {
  readonly chainId: string
  readonly begunAtMs: number
  /** The number of the segment that is continued, from 1 on. */
  readonly segment: number
  /** The place of the last record. 0 if there is none. */
  readonly lastSeq: number
  /** `true` if no record can follow: the process ended in order, and each of its writes is resolved. */
  readonly isSettled: boolean
}

export interface ClaimedChain extends StoredChain {
  readonly claim: ChainClaim
}

/** Lines to append, each without its end. */
export interface ChainGroup {
  /** The place of the last record before them. */
  readonly after: number
  /** The number of the segment that they are in. */
  readonly segment: number
  readonly lines: readonly string[]
}

export interface StoredLine {
  readonly seq: number
  readonly line: string
}

/** Why a process can append nothing more to its chain. */
export type ChainLoss = 'LOST' | 'CHANGED'

/**
 * The chains that may be taken over.
 *
 * - `RELEASED`: their process gave them back.
 * - `LAPSED`: the same, and those whose lease is over.
 * - `ALL`: no other process can own a chain, so that no lease counts.
 */
export type TakeOverWhich = 'RELEASED' | 'LAPSED' | 'ALL'

/**
 * The place in the store for the chains of all processes. Each function rejects with a `StoreUnavailableError` while
 * the store cannot be used. A lease lasts by the clock of the database.
 */
export interface ChainStore {
  /** Begins an empty chain. It does nothing if the chain is there. */
  begin(chainId: string, leaseMs: number): Promise<ChainClaim>
  /**
   * Stores the lines in one transaction that outlives a crash of the database, and renews the lease. The same group may
   * be given again if its result is not known: it is stored once.
   *
   * @returns `LOST` if another process has taken over the chain. `CHANGED` if nobody has, but its end is not as this
   * process left it, or the chain is not there any more
   */
  append(claim: ChainClaim, group: ChainGroup, leaseMs: number): Promise<'STORED' | ChainLoss>
  /** Renews leases. Returns those of the claims that still hold. */
  renew(claims: readonly ChainClaim[], leaseMs: number): Promise<ChainClaim[]>
  /**
   * Takes over chains that are not settled, the oldest first.
   *
   * @param except the chains that are not taken over, as those of this process
   */
  takeOver(options: {
    readonly leaseMs: number
    readonly which: TakeOverWhich
    readonly except: readonly string[]
  }): Promise<ClaimedChain[]>
  /** Ends a lease, so that another process can take the chain over immediately. A settled chain is not taken over. */
  release(claim: ChainClaim, isSettled: boolean): Promise<void>
  /** Returns all chains, in the order of their beginnings. */
  list(): Promise<StoredChain[]>
  /** Returns the lines of a segment behind a place, in order, as many as are read at a time. */
  readLines(chainId: string, segment: number, after: number): Promise<StoredLine[]>
}
