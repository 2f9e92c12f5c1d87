/**
 * The file was not written by this journal with these keys, or this process may not write to it. It is left as it is.
 */
export class JournalBrokenError extends Error {
  override readonly name = 'JournalBrokenError'
}
