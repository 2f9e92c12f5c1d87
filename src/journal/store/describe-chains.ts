import { describeBreak } from '../verify/describe-break.ts'
import type { UnresolvedEntry } from '../verify/verify-journal.ts'
import type { ChainVerification } from './verify-chains.ts'

/** Describes the verification of a store in lines for people. */
export function describeChains(chains: readonly ChainVerification[]): string[] {
  if (chains.length === 0) return ['There is no chain of a journal in this store.']
  const breaks = chains.flatMap(chain => chain.breaks)
  const sum = (count: 'records' | 'intents' | 'outcomes' | 'followUps') =>
    chains.reduce((total, chain) => total + chain[count], 0)
  const each = (list: 'openIntents' | 'inDoubt', text: string) =>
    chains.flatMap(({ chainId, [list]: entries }) => entries.map(entry => toEntryLine(entry, chainId, text)))
  return [
    ...(breaks.length === 0
      ? [`All chains are in order: ${chains.length}.`]
      : breaks.map(found => `${found.file}, record ${found.line} of the segment: ${describeBreak(found)}.`)),
    ...chains
      .filter(({ firstSegment }) => firstSegment > 1)
      .map(
        ({ chainId, firstSegment }) =>
          `Chain ${chainId} begins with segment ${firstSegment}: those before it are not here.`,
      ),
    `${sum('records')} records${breaks.length === 0 ? '' : ' in order'}: ${sum('intents')} intents, ${sum('outcomes')} outcomes, ${sum('followUps')} follow-ups.`,
    ...each('openIntents', 'has no outcome'),
    ...each('inDoubt', 'has the outcome UNKNOWN, and no follow-up yet'),
    ...chains.map(
      ({ chainId, begunAtMs, last, isUnderKeyInForce }) =>
        `Chain ${chainId}, begun ${new Date(begunAtMs).toISOString()}: last record in order ${last.seq}, hash ${last.hash}${isUnderKeyInForce ? '' : ', under a former key'}.`,
    ),
    'Chains that were removed as a whole cannot be seen from the store: compare the list with a copy elsewhere.',
  ]
}

function toEntryLine({ id, seq, time }: UnresolvedEntry, chainId: string, text: string): string {
  return `Intent ${id} (record ${seq} of chain ${chainId}, ${time}) ${text}.`
}
