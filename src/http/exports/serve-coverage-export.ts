import { type Caller, type ScopeNames, toCallerKey } from '../../access/caller.ts'
import type { Clock } from '../../base/clock.ts'
import { createDeadline } from '../../base/deadline.ts'
import { StoreUnavailableError } from '../../base/store-unavailable-error.ts'
import { isEveryRow } from '../../coverage/coverage-filter.ts'
import type { CoverageService } from '../../coverage/coverage-service.ts'
import { createCsvFormat } from '../../coverage/exporting/csv-format.ts'
import { exportRows } from '../../coverage/exporting/export-rows.ts'
import { JSONL_FORMAT } from '../../coverage/exporting/jsonl-format.ts'
import { createLookUpPeople } from '../../coverage/exporting/look-up-people.ts'
import { findFilterFaults } from '../../coverage/find-filter-faults.ts'
import type { Scan } from '../../coverage/scan.ts'
import type { CallerContext } from '../../mfa/call-context.ts'
import type { MfaService } from '../../mfa/mfa-service.ts'
import type { IdentifyCaller } from '../identify-caller.ts'
import type { InFlightRequests, Work } from '../in-flight-requests.ts'
import type { LoadShedding } from '../load-shedding.ts'
import type { ReportLimits } from '../rate-limit-headers.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import type { Handle, RequestContext } from '../request-context.ts'
import { readTraceHeaders } from '../request-headers.ts'
import { isFaultOfRequest, RequestRefused } from '../request-refused.ts'
import { sendStream } from '../send-response.ts'
import { type ExportRequest, readExportRequest } from './export-request.ts'
import { requireScopes } from './require-scopes.ts'
import { toParameterFault } from './to-parameter-fault.ts'
import { writeExport } from './write-export.ts'

export interface ServeCoverageExportOptions {
  readonly inFlightRequests: InFlightRequests
  readonly loadShedding: LoadShedding
  readonly identifyCaller: IdentifyCaller
  readonly refusalLimit: RefusalLimit
  readonly reportLimits: ReportLimits
  readonly scopeNames: ScopeNames
  /** `null` if there is no store. */
  readonly coverage: CoverageService | null
  readonly mfa: MfaService
  /** The time of each call to GenAuth. An export as a whole may take longer. */
  readonly requestDeadlineMs: number
  readonly clock: Clock
}

/**
 * Serves a scan as a file, as fast as the client reads. A file that is cut off ends its connection, so that nobody takes
 * it for whole.
 */
export function createServeCoverageExport(options: ServeCoverageExportOptions): Handle {
  const { inFlightRequests, loadShedding, identifyCaller, refusalLimit, reportLimits } = options
  return async context => {
    const work = inFlightRequests.begin()
    try {
      loadShedding.admit('UNKNOWN')
      const caller = await identifyCaller(context)
      try {
        refusalLimit.admit(caller)
        await serve(options, context, caller, work)
      } catch (error) {
        if (isFaultOfRequest(error)) refusalLimit.count(caller)
        if (!context.response.headersSent) reportLimits(context.response, toCallerKey(caller))
        throw error instanceof StoreUnavailableError ? storeUnavailable() : error
      }
    } finally {
      work.end()
    }
  }
}

async function serve(
  options: ServeCoverageExportOptions,
  context: RequestContext,
  caller: Caller,
  work: Work,
): Promise<void> {
  const { coverage, mfa, reportLimits, loadShedding, requestDeadlineMs, clock } = options
  const wanted = readExportRequest(context.target)
  const { filter } = wanted
  requireScopes(options.scopeNames, caller, wanted.hasPeople ? ['REPORT', 'READ'] : ['REPORT'])
  if (coverage === null) {
    throw new RequestRefused(
      404,
      'FEATURE_OFF',
      'This server keeps no scans. Its operator can set STORE_URL.',
    )
  }
  loadShedding.admit('READ')
  const callerContext = toCallerContext(context, caller, work)
  const scans = coverage.forCaller(callerContext)
  const scan = await scans.find(wanted.scanId)
  if (scan === null) throw noSuchScan()
  const [fault] = findFilterFaults(filter, scan.depth)
  if (fault !== undefined) throw toParameterFault(fault.path, fault.message)
  const lookUpPeople = wanted.hasPeople
    ? createLookUpPeople(() => {
        const deadline = createDeadline(requestDeadlineMs, clock)
        return mfa.forCaller({ ...callerContext, deadline }).reads
      })
    : null
  const format = wanted.format === 'csv' ? createCsvFormat(wanted.hasPeople) : JSONL_FORMAT
  const { request, response } = context
  reportLimits(response, callerContext.callerKey)
  const headers = {
    'content-type': format.mediaType,
    'content-disposition': `attachment; filename="${toFileName(scan, wanted)}"`,
  }
  if (request.method === 'HEAD') {
    response.writeHead(200, headers).end()
    return
  }
  const rows = await scans.count(scan.id, filter)
  if (rows === null) throw noSuchScan()
  const exported = { scan, filter, rows, atMs: clock.now() }
  const pages = exportRows({ exported, readRows: (id, query) => scans.rows(id, query), lookUpPeople })
  await sendStream(response, 200, headers, writeExport(format, exported, pages, work))
}

function toCallerContext(
  { response, requestId, deadline, request }: RequestContext,
  caller: Caller,
  { onWait }: Work,
): CallerContext {
  return {
    requestId,
    caller,
    callerKey: toCallerKey(caller),
    deadline,
    trace: readTraceHeaders(request.headers).parent,
    isWanted: () => !response.destroyed,
    onWait,
  }
}

/** An id from the store. Anything that a header or a file system could misread is left out. */
function toFileName({ id }: Scan, { format, filter }: ExportRequest): string {
  const part = isEveryRow(filter) ? '' : '-filtered'
  return `mfa-coverage-${id.replace(/[^\w-]/g, '')}${part}.${format}`
}

function noSuchScan(): RequestRefused {
  return new RequestRefused(404, 'NOT_FOUND', 'There is no such scan.')
}

function storeUnavailable(): RequestRefused {
  return new RequestRefused(
    503,
    'STORE_UNAVAILABLE',
    'The store of scans cannot be used at the moment. Try again later.',
  )
}
