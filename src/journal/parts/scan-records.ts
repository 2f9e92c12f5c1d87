import type { ScanJournal } from '../../coverage/scan-journal.ts'
import type { ChainWriter, JournalTools } from '../chain-writer.ts'
import { toScanEndedDraft, toScanStartedDraft } from '../records/scan-drafts.ts'
import type { JournalLife } from './journal-life.ts'

export const MISSING_SCAN_END = 'the end of a scan is missing in the audit journal'

/** Creates the part of a journal that records scans. */
export function createScanRecords(
  writer: Pick<ChainWriter, 'append'>,
  life: JournalLife,
  { clock, log }: JournalTools,
): ScanJournal {
  const recordScanStart: ScanJournal['recordScanStart'] = async start => {
    life.refuseIfUnfit()
    await writer.append(toScanStartedDraft(start, clock.now()))
  }

  const recordScanEnd: ScanJournal['recordScanEnd'] = async conclusion => {
    try {
      await writer.append(toScanEndedDraft(conclusion, clock.now()))
    } catch {
      log.error({ scan: conclusion.scanId }, MISSING_SCAN_END)
    }
  }

  return {
    recordScanStart: start => life.whileOpen(recordScanStart(start)),
    recordScanEnd: conclusion => life.whileOpen(recordScanEnd(conclusion)),
  }
}
