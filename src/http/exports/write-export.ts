import type { ExportedRow, ExportedScan, ExportFormat } from '../../coverage/exporting/exported-row.ts'
import type { Work } from '../in-flight-requests.ts'

/** Writes each page when the client has taken the one before it. The time of the client is not that of this process. */
export async function* writeExport(
  format: ExportFormat,
  exported: ExportedScan,
  pages: AsyncIterable<readonly ExportedRow[]>,
  { onWait }: Work,
): AsyncGenerator<string, void> {
  const send = function* (text: string) {
    const taken = onWait()
    try {
      yield text
    } finally {
      taken()
    }
  }
  yield* send(format.head(exported))
  for await (const page of pages) yield* send(page.map(row => format.line(row)).join(''))
}
