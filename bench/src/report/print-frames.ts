import type { AllocationsRow } from '../parts/allocations.ts'
import type { Share } from '../parts/frames.ts'
import type { ProfileResult } from '../parts/profile.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown } from './markdown.ts'

/** Smaller shares are left out. */
const LEAST_SHARE = 0.005
const BYTES_PER_KB = 1_000
const DETAILED = 'server'

export function printProfile({ byPackage, byFunction }: ProfileResult): string {
  const toCell = (share: number) => `${(share * 100).toFixed(1)} %`
  return [
    printShares(['main thread, by package', 'time'], byPackage, toCell),
    printShares(['by function', 'time in itself'], byFunction, toCell),
  ].join('\n')
}

/** Prints the sum of each subject, and the parts of this server. */
export function printAllocations(rows: readonly AllocationsRow[]): string {
  const toKb = (bytes: number) => (bytes / BYTES_PER_KB).toFixed(1)
  const totals = rows.map(({ subject, bytesPerOperation }) => [
    SUBJECTS[subject].title,
    toKb(bytesPerOperation),
  ])
  const details = rows
    .filter(({ subject }) => subject.startsWith(DETAILED))
    .flatMap(({ subject, bytesPerOperation, byPackage, byFunction }) => {
      const { title } = SUBJECTS[subject]
      const toCell = (share: number) => toKb(share * bytesPerOperation)
      return [
        printShares([`${title}, by package`, 'KB for each operation'], byPackage, toCell),
        printShares([`${title}, by function`, 'KB'], byFunction, toCell),
      ]
    })
  return [toMarkdown(['allocated for each operation', 'KB'], totals), ...details].join('\n')
}

function printShares(
  headings: readonly string[],
  shares: readonly Share[],
  toCell: (share: number) => string,
): string {
  const rows = shares
    .filter(({ share }) => share >= LEAST_SHARE)
    .map(({ name, share }) => [name, toCell(share)])
  return toMarkdown(headings, rows)
}
