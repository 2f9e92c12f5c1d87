/** Returns a Markdown table. Every column but the first is aligned to the right. */
export function toMarkdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('')
}
