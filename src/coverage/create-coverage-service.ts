import { randomUUID } from 'node:crypto'
import type { ChangeRequest } from '../mfa/journal-port.ts'
import { BoundCoverage } from './bound-coverage.ts'
import type { CoverageService, NightlyScan } from './coverage-service.ts'
import type { CoverageServiceOptions } from './coverage-service-options.ts'
import { isSamePopulation } from './is-same-population.ts'
import { MAX_QUEUED_SCANS, type Scan, type ScanRequest } from './scan.ts'
import type { ScanConclusion } from './scan-journal.ts'
import type { CreatedScan } from './scan-store.ts'

/** What the nightly scan reads. */
const NIGHTLY: ScanRequest = {
  depth: 'BINDINGS',
  budgetShare: 0.5,
  population: {
    departments: [],
    groups: [],
    statuses: ['ACTIVATED'],
    signedInTo: [],
    lastSignInAfterMs: null,
    lastSignInBeforeMs: null,
    exceptUserIds: [],
    exceptGroups: [],
  },
}

/** Creates the service of a deployment that has a store. */
export function createCoverageService(options: CoverageServiceOptions): CoverageService {
  const { store, dispatch, journal, clock } = options

  /** A scan that would not be created is not put on record, unless another request comes between. */
  async function create(request: ChangeRequest | null, wanted: ScanRequest): Promise<CreatedScan> {
    const due = await store.due()
    const same = due.find(scan => isSameRequest(scan, wanted))
    if (same !== undefined) return { kind: 'ALREADY_THERE', scan: same }
    const queued = due.filter(({ status }) => status === 'QUEUED')
    if (queued.length >= MAX_QUEUED_SCANS) return { kind: 'QUEUE_FULL' }
    const id = randomUUID()
    await journal.recordScanStart({ ...wanted, scanId: id, request })
    let created: CreatedScan | null = null
    try {
      created = await store.create({ ...wanted, id, createdAtMs: clock.now() })
    } finally {
      if (created?.kind === 'CREATED') dispatch.noteCreated()
      else await journal.recordScanEnd(notCreated(id))
    }
    return created
  }

  return {
    forCaller: context => new BoundCoverage(options, context, create),
    async startNightly(): Promise<NightlyScan> {
      return (await create(null, NIGHTLY)).kind
    },
  }
}

function isSameRequest(scan: Scan, { depth, population }: ScanRequest): boolean {
  return scan.depth === depth && isSamePopulation(scan.population, population)
}

function notCreated(scanId: string): ScanConclusion {
  return {
    scanId,
    request: null,
    status: 'NOT_CREATED',
    failure: null,
    expected: null,
    seen: 0,
    unreadable: 0,
    upstreamCalls: 0,
    isWhole: false,
  }
}
