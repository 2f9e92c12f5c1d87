import { builder } from '../builder.ts'
import { MfaCoverageConnectionType } from './connection.ts'
import type { CoverageSource } from './coverage-source.ts'
import { fromStore } from './from-store.ts'
import { readPage } from './read-page.ts'
import { MfaCoverageScanType } from './scan.ts'
import { MfaCoverageOrderEnum } from './scan-enums.ts'
import { MfaCoverageSummaryType } from './summary.ts'

export const MfaCoverageType = builder.objectRef<CoverageSource>('MfaCoverage').implement({
  extensions: { needs: 'REPORT' },
  description: 'The findings of a scan.',
  fields: t => ({
    scan: t.field({
      type: MfaCoverageScanType,
      description: 'The scan. Its `isWhole` says whether it missed anybody.',
      resolve: source => source,
    }),
    summary: t.field({
      type: MfaCoverageSummaryType,
      description: 'The counts of all rows of the scan, whatever the filter is.',
      resolve: async ({ scan, coverage }) => {
        const summary = await fromStore(() => coverage.summary(scan.id))
        if (summary === null) throw new Error('The scan was removed while it was read')
        return { summary, depth: scan.depth }
      },
    }),
    rows: t.field({
      type: MfaCoverageConnectionType,
      nullable: true,
      directives: { listSize: { slicingArguments: ['first'], sizedFields: ['edges'] } },
      description:
        'The rows that fit the filter, by pages. A page costs no call to GenAuth, unless `person` or `user` is selected. `null` if an argument is not valid: the error at this path then has the code `INVALID_INPUT`.',
      args: {
        first: t.arg.int({
          required: true,
          defaultValue: 50,
          description: 'The most rows to show, from 1 to 50.',
        }),
        after: t.arg.string({
          description:
            'The cursor of the last row of the page before. It must be of the same scan, filter and order. Leave it out for the first page.',
        }),
        orderBy: t.arg({
          type: MfaCoverageOrderEnum,
          required: true,
          defaultValue: 'SCANNED',
          description:
            'The order of the rows. While the scan runs, only `SCANNED` shows each row once, because new rows may come before the cursor in the others.',
        }),
      },
      resolve: readPage,
    }),
  }),
})
