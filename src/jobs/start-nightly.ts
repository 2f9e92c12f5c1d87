import type { Logger } from 'pino'
import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import type { CoverageService } from '../coverage/coverage-service.ts'
import { JournalUnavailableError } from '../mfa/journal-port.ts'

/** Puts the nightly scan into the queue, and logs whether it is there. It never rejects. */
export async function startNightly(service: CoverageService, log: Logger): Promise<void> {
  const text = 'the nightly scan does not start'
  try {
    const nightlyScan = await service.startNightly()
    if (nightlyScan === 'QUEUE_FULL') log.error({ nightlyScan }, text)
    else log.info({ nightlyScan }, 'the hour of the nightly scan')
  } catch (error) {
    if (error instanceof StoreUnavailableError) log.error({ reason: 'STORE_UNAVAILABLE' }, text)
    else if (error instanceof JournalUnavailableError) log.error({ reason: 'JOURNAL_UNAVAILABLE' }, text)
    else log.error({ err: error }, text)
  }
}
