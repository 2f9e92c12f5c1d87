import type { Stats } from 'node:fs'

/**
 * Whether what is written to a stream can be read by anybody.
 *
 * - `KEPT`: a pipe, a socket, a file or a terminal. What its reader does with it cannot be seen.
 * - `DEVICE`: any other device, as `/dev/null`. Node opens that in the place of a stream that was closed.
 * - `REMOVED_FILE`: a file that has no name any more.
 */
export type StreamFate = 'KEPT' | 'DEVICE' | 'REMOVED_FILE'

export function judgeStream(
  stats: Pick<Stats, 'isFile' | 'isFIFO' | 'isSocket' | 'nlink'>,
  isTerminal: boolean,
): StreamFate {
  if (stats.isFile()) return stats.nlink > 0 ? 'KEPT' : 'REMOVED_FILE'
  return stats.isFIFO() || stats.isSocket() || isTerminal ? 'KEPT' : 'DEVICE'
}
