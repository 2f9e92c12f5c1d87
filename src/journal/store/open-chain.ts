import type { AuditKeyring } from '../audit-key.ts'
import type { JournalTools } from '../chain-writer.ts'
import type { JournalStart } from '../journal.ts'
import { type JournalBreakKind, type JournalWalk, walkLines, walkNothing } from '../verify/walk-journal.ts'
import type { ChainClaim, ChainLoss, ChainStore, ClaimedChain } from './chain-store.ts'
import { readSegment } from './read-segment.ts'
import { StoreSink } from './store-sink.ts'

export interface ChainOptions {
  readonly chains: ChainStore
  readonly segmentBytes: number
  readonly leaseMs: number
  /** The `run` of this process. */
  readonly run: string
  /** Called once, when nothing can be appended any more. */
  readonly onLost: (why: ChainLoss) => void
}

/** The point at which a chain of the store continues. */
export interface OpenChain {
  readonly claim: ChainClaim
  readonly sink: StoreSink
  readonly start: JournalStart
}

export type ContinuedChain =
  | { readonly kind: 'OPEN'; readonly chain: OpenChain }
  /** Nothing was written to it. */
  | { readonly kind: 'EMPTY' }
  | { readonly kind: 'BROKEN'; readonly what: JournalBreakKind; readonly line: number }

/**
 * Begins the chain of this process.
 *
 * @throws StoreUnavailableError
 */
export async function beginChain(
  options: ChainOptions,
  ring: AuditKeyring,
  tools: JournalTools,
): Promise<OpenChain> {
  const claim = await options.chains.begin(options.run, options.leaseMs)
  return openChain(options, claim, walkNothing(ring[0]), tools)
}

/**
 * Continues a chain that was taken over. It first reads and verifies the last segment, whose head has the necessary
 * facts of those before. The chain's row says where it ends, so that a missing end is seen.
 *
 * @throws StoreUnavailableError
 */
export async function continueChain(
  options: ChainOptions,
  { claim, segment, lastSeq }: ClaimedChain,
  ring: AuditKeyring,
  tools: JournalTools,
): Promise<ContinuedChain> {
  if (lastSeq === 0) return { kind: 'EMPTY' }
  const walk = await walkLines(readSegment(options.chains, claim.chainId, segment), ring)
  if (walk.firstBreak !== null) return { kind: 'BROKEN', ...walk.firstBreak }
  const line = walk.records + 1
  if (segment === 1 && walk.firstRun !== claim.chainId) return { kind: 'BROKEN', what: 'OTHER_RUN', line: 1 }
  if (walk.head.number !== segment) return { kind: 'BROKEN', what: 'OTHER_SEGMENT', line: 1 }
  if (walk.last.seq !== lastSeq) return { kind: 'BROKEN', what: 'CUT_OFF', line }
  return { kind: 'OPEN', chain: openChain(options, claim, walk, tools) }
}

function openChain(
  { chains, segmentBytes, leaseMs, run, onLost }: ChainOptions,
  claim: ChainClaim,
  { head, last, keys, unresolved, wholeBytes }: JournalWalk,
  { clock }: JournalTools,
): OpenChain {
  const sink = new StoreSink({
    chains,
    claim,
    leaseMs,
    lastSeq: last.seq,
    number: head.number,
    isEmpty: wholeBytes === head.bytes,
    segmentBytes,
    bytes: wholeBytes - head.bytes,
    isResolved: () => unresolved.records.size + unresolved.policies.size === 0,
    onLost,
    clock,
  })
  return { claim, sink, start: { sink, last, keys, unresolved, cutBytes: 0, run, chainId: claim.chainId } }
}
