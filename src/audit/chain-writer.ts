import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { JournalUnavailableError } from '../mfa/journal.ts'
import type { AuditKeys } from './audit-key.ts'
import { type ChainPosition, chainRecord } from './chain.ts'
import { toErrorCode } from './error-code.ts'
import { createGroupCommit } from './group-commit.ts'
import type { RecordDraft } from './records.ts'
import type { Sink } from './sink.ts'

export interface JournalTools {
  readonly keys: AuditKeys
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Logger
}

/** The one writer of a journal. */
export interface ChainWriter {
  /**
   * Resolves when the record is as safe as the sink makes it.
   *
   * @throws JournalUnavailableError when it is not there
   */
  append(draft: RecordDraft): Promise<void>
  last(): ChainPosition
  /** When the last group failed. Null: it did not. */
  failedAtMs(): number | null
}

/** Chains records behind `start` in groups. A group that fails takes no place in the chain. */
export function createChainWriter(sink: Sink, start: ChainPosition, tools: JournalTools): ChainWriter {
  const { keys, now, log } = tools
  const run = randomUUID()
  let last = start
  let failedAtMs: number | null = null

  const commit = createGroupCommit<RecordDraft>(async drafts => {
    let end = last
    let lines = ''
    for (const draft of drafts) {
      const { line, position } = chainRecord(keys.chain, end, { ...draft, run })
      lines += `${line}\n`
      end = position
    }
    try {
      await sink.append(lines)
    } catch (error) {
      failedAtMs = now()
      log.error({ cause: toErrorCode(error), records: drafts.length }, 'the audit journal cannot be written')
      throw error
    }
    last = end
    failedAtMs = null
  })

  return {
    async append(draft) {
      try {
        await commit(draft)
      } catch (error) {
        throw new JournalUnavailableError('The audit journal cannot be written', { cause: error })
      }
    },
    last: () => last,
    failedAtMs: () => failedAtMs,
  }
}
