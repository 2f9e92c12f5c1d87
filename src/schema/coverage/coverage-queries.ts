import { findFilterFaults } from '../../coverage/find-filter-faults.ts'
import { type MfaFailure, type MfaFailureOf, refusedInput, under } from '../../mfa/failure.ts'
import { builder } from '../builder.ts'
import { errorTypesOf, toErrorType } from '../errors.ts'
import { MfaCoverageType } from './coverage.ts'
import type { CoverageSource } from './coverage-source.ts'
import { FEATURE_OFF } from './feature-off.ts'
import { MfaCoverageFilterInput, toCoverageFilter } from './filter-input.ts'
import { fromStore } from './from-store.ts'
import { MfaCoverageScanType, type ScanSource } from './scan.ts'

interface CoverageScans {
  readonly scans: readonly ScanSource[]
}

const NOT_FOUND: MfaFailureOf<'NOT_FOUND'> = { kind: 'NOT_FOUND', upstream: null }

const MfaCoveragePayload = builder.unionType('MfaCoveragePayload', {
  description:
    'The findings of a scan, or the failure that explains why they cannot be shown. Also select `... on MfaError { code message }`.',
  types: [MfaCoverageType, ...errorTypesOf(['INVALID_INPUT', 'NOT_FOUND', 'FEATURE_OFF'])],
  resolveType: value => toErrorType(value) ?? MfaCoverageType,
})

const MfaCoverageScansType = builder.objectRef<CoverageScans>('MfaCoverageScans').implement({
  extensions: { needs: 'REPORT' },
  description: 'The scans that this server keeps.',
  fields: t => ({
    scans: t.field({
      type: [MfaCoverageScanType],
      directives: { listSize: { assumedSize: 11 } },
      description:
        'The scans that have not ended, and the newest five that have. The newest comes first. Empty if there was none.',
      resolve: ({ scans }) => [...scans],
    }),
  }),
})

const MfaCoverageScansPayload = builder.unionType('MfaCoverageScansPayload', {
  description:
    'The scans, or the failure that explains why there are none. Also select `... on MfaError { code message }`.',
  types: [MfaCoverageScansType, ...errorTypesOf(['FEATURE_OFF'])],
  resolveType: value => toErrorType(value) ?? MfaCoverageScansType,
})

builder.queryFields(t => ({
  mfaCoverage: t.field({
    type: MfaCoveragePayload,
    extensions: { needs: 'REPORT' },
    directives: { tag: { name: 'admin' } },
    description:
      'Shows what a scan found: who has no second factor. It answers from the store, at no call to GenAuth, unless `person` or `user` is selected. Safe to repeat.',
    args: {
      scanId: t.arg.id({
        description:
          'The `id` of the scan. If left out, it is the newest scan that is whole, or the newest if none is.',
      }),
      filter: t.arg({ type: MfaCoverageFilterInput, description: 'The rows to show. All if left out.' }),
    },
    resolve: async (_root, args, { coverage, countRefusal }): Promise<CoverageSource | MfaFailure> => {
      if (coverage === null) return FEATURE_OFF
      const scan = await fromStore(() => coverage.find(args.scanId ?? null))
      if (scan === null) return NOT_FOUND
      const filter = toCoverageFilter(args.filter)
      const faults = findFilterFaults(filter, scan.depth)
      if (faults.length === 0) return { scan, filter, coverage }
      countRefusal()
      return under(['filter'], refusedInput(faults))
    },
  }),
  mfaCoverageScans: t.field({
    type: MfaCoverageScansPayload,
    extensions: { needs: 'REPORT' },
    directives: { tag: { name: 'admin' } },
    description: 'Lists the scans. It costs no call to GenAuth. Safe to repeat.',
    resolve: async (_root, _args, { coverage }): Promise<CoverageScans | MfaFailure> => {
      if (coverage === null) return FEATURE_OFF
      const scans = await fromStore(() => coverage.scans())
      return { scans: scans.map(scan => ({ scan, coverage })) }
    },
  }),
}))
