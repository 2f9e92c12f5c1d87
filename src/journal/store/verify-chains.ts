import type { AuditKeyring } from '../audit-key.ts'
import { type JournalVerification, type SegmentToVerify, verifySegments } from '../verify/verify-journal.ts'
import { walkLines } from '../verify/walk-journal.ts'
import type { ChainStore, StoredChain } from './chain-store.ts'
import { readSegment } from './read-segment.ts'

/** The result of verifying one chain of the store. */
export interface ChainVerification extends JournalVerification {
  readonly chainId: string
  readonly begunAtMs: number
}

type Chains = Pick<ChainStore, 'list' | 'readLines'>

/**
 * Verifies all chains of a store, one after the other, in little memory. The row of a chain says where it ends, so that
 * records missing there are seen as long as the row is as it was.
 *
 * @throws StoreUnavailableError
 */
export async function verifyChains(chains: Chains, ring: AuditKeyring): Promise<ChainVerification[]> {
  const verified: ChainVerification[] = []
  for (const chain of await chains.list()) verified.push(await verifyChain(chains, chain, ring))
  return verified
}

async function verifyChain(
  chains: Chains,
  { chainId, begunAtMs, segment: last, lastSeq }: StoredChain,
  ring: AuditKeyring,
): Promise<ChainVerification> {
  let firstRun: string | null = null
  const toSegment = (segment: number): SegmentToVerify => ({
    name: `${chainId}.${String(segment).padStart(6, '0')}`,
    number: segment === last ? null : segment,
    async walk() {
      const walk = await walkLines(readSegment(chains, chainId, segment), ring)
      if (segment === 1) firstRun = walk.firstRun
      return walk
    },
  })
  const first = await findFirstSegment(chains, chainId, last)
  const segments = Array.from({ length: last - first + 1 }, (_, n) => toSegment(first + n))
  const result = await verifySegments(segments, ring)
  const file = segments.at(-1)?.name ?? chainId
  const line = (result.files.at(-1)?.records ?? 0) + 1
  const found = [
    ...result.breaks,
    ...(firstRun !== null && firstRun !== chainId ? [{ file, line: 1, what: 'OTHER_RUN' as const }] : []),
    ...(result.breaks.length === 0 && result.last.seq < lastSeq
      ? [{ file, line, what: 'CUT_OFF' as const }]
      : []),
  ]
  return { ...result, chainId, begunAtMs, breaks: found, firstBreak: found[0] ?? null }
}

/** The oldest segments may be kept elsewhere. */
async function findFirstSegment(chains: Chains, chainId: string, last: number): Promise<number> {
  for (let segment = 1; segment < last; segment++) {
    if ((await chains.readLines(chainId, segment, 0)).length > 0) return segment
  }
  return last
}
