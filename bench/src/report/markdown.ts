import type { Spread } from '../statistics.ts'

const BYTES_PER_MB = 1024 * 1024

/** Returns a Markdown table. Every column but the first is aligned to the right. */
export function toMarkdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('')
}

/** Returns a median with the least and the greatest value. */
export function withSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

export function toMb(bytes: number): string {
  return (bytes / BYTES_PER_MB).toFixed(0)
}
