import type { Scan } from '../../coverage/scan.ts'
import { builder } from '../builder.ts'
import { toFailureError } from '../coded-error.ts'
import { fromStore } from '../coverage/from-store.ts'
import { MfaCoverageScanType, type ScanSource } from '../coverage/scan.ts'

builder.subscriptionField('mfaCoverageScanProgress', t =>
  t.field({
    type: MfaCoverageScanType,
    extensions: { needs: 'REPORT' },
    directives: { tag: { name: 'admin' } },
    description:
      'Shows a scan as it is, and again when it has changed, at most once a second. It ends with the scan. It costs no call to GenAuth. A scan that is not there ends it with one error, whose code is `NOT_FOUND`.',
    args: { id: t.arg.id({ required: true, description: 'The id of the scan.' }) },
    subscribe: async (_root, { id }, { coverage, live }): Promise<AsyncIterable<Scan>> => {
      if (coverage === null || live.scans === null) {
        throw toFailureError({ kind: 'FEATURE_OFF', upstream: null })
      }
      const scan = await fromStore(() => coverage.find(id))
      if (scan === null) throw toFailureError({ kind: 'NOT_FOUND', upstream: null })
      return live.scans.watch(scan)
    },
    resolve: (scan, _args, { coverage }): ScanSource => {
      if (coverage === null) throw new Error('A scan comes from a store')
      return { scan, coverage }
    },
  }),
)
