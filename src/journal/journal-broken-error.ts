/** The file is not one that this journal wrote with these keys, or not one that it may write to. It is left alone. */
export class JournalBrokenError extends Error {
  override readonly name = 'JournalBrokenError'
}
