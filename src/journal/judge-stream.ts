import type { Stats } from 'node:fs'

/**
 * Says whether anybody can read the text that is written to a stream.
 *
 * - `KEPT`: a pipe, a socket, a file or a terminal. The reader's use of it cannot be seen.
 * - `DEVICE`: any other device, for example `/dev/null`. Node opens that in the place of a closed stream.
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
