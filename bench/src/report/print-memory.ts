import type { MemoryRow } from '../parts/memory.ts'
import { toMarkdown, toMb } from './markdown.ts'

const HEADINGS = [
  'in a container of 256 MB, `--max-semi-space-size`',
  'RSS MB idle',
  'at most',
  'charged at most',
  'kills',
  'CPU µs of the mutation',
  'per second',
]

export function printMemory(rows: readonly MemoryRow[]): string {
  const cells = rows.map(row => [
    row.semiSpaceMb === null ? 'not set' : `${row.semiSpaceMb} MB`,
    toMb(row.idleRssBytes),
    toMb(row.peakRssBytes),
    toMb(row.peakChargedBytes),
    `${row.kills}`,
    row.cpuUs.toFixed(0),
    row.operationsPerS.toFixed(0),
  ])
  return toMarkdown(HEADINGS, cells)
}
