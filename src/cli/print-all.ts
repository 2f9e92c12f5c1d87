import { createOutput, READER_GONE } from './output.ts'

/** The text that a command prints cannot be written. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

/**
 * Prints the whole text of a command. Resolves when the operating system has taken it, or when the reader is gone:
 * `head -1` needs no more.
 *
 * @throws OutputError for any other error, for example a full disk
 */
export async function printAll({ stdout }: Pick<NodeJS.Process, 'stdout'>, text: string): Promise<void> {
  const output = createOutput({ stream: stdout, onFailure: () => {}, onDropped: () => {} })
  try {
    await output.deliver(text)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
    if (!READER_GONE.has(code))
      throw new OutputError(`stdout cannot be written (${code}): the text to print is lost.`)
  }
}
