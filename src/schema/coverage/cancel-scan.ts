import type { MfaFailure } from '../../mfa/failure.ts'
import { builder } from '../builder.ts'
import { errorTypesOf, toErrorType } from '../errors.ts'
import { FEATURE_OFF } from './feature-off.ts'
import { fromStore } from './from-store.ts'
import { MfaCoverageScanType, type ScanSource } from './scan.ts'

interface CancelScanSuccess {
  readonly scan: ScanSource
}

const CancelMfaCoverageScanInput = builder.inputType('CancelMfaCoverageScanInput', {
  description: 'The scan to cancel.',
  fields: t => ({
    id: t.id({ required: true, description: 'The `id` of the scan.' }),
  }),
})

const CancelMfaCoverageScanSuccessType = builder
  .objectRef<CancelScanSuccess>('CancelMfaCoverageScanSuccess')
  .implement({
    extensions: { needs: 'REPORT' },
    description: 'The scan is cancelled.',
    fields: t => ({
      scan: t.field({
        type: MfaCoverageScanType,
        description: 'The scan as it ended. Its rows so far can be read.',
        resolve: ({ scan }) => scan,
      }),
    }),
  })

const CancelMfaCoverageScanPayload = builder.unionType('CancelMfaCoverageScanPayload', {
  description:
    'The cancelled scan, or the failure that explains why it was not cancelled. Also select `... on MfaError { code message }`.',
  types: [CancelMfaCoverageScanSuccessType, ...errorTypesOf(['NOT_FOUND', 'WRONG_STATE', 'FEATURE_OFF'])],
  resolveType: value => toErrorType(value) ?? CancelMfaCoverageScanSuccessType,
})

builder.mutationField('cancelMfaCoverageScan', t =>
  t.field({
    type: CancelMfaCoverageScanPayload,
    extensions: { needs: 'REPORT' },
    directives: { tag: { name: 'admin' } },
    description:
      'Cancels a scan that runs or waits. Its rows so far stay. It costs no call to GenAuth. A scan that has ended is `MfaJobStateError`.',
    args: {
      input: t.arg({
        type: CancelMfaCoverageScanInput,
        required: true,
        description: 'The scan to cancel.',
      }),
    },
    resolve: async (_root, { input }, { coverage }): Promise<CancelScanSuccess | MfaFailure> => {
      if (coverage === null) return FEATURE_OFF
      const cancelled = await fromStore(() => coverage.cancel(input.id))
      return cancelled.ok ? { scan: { scan: cancelled.value, coverage } } : cancelled.failure
    },
  }),
)
