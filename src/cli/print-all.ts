import { createOutput, READER_GONE } from './output.ts'

/** What a command prints cannot be written. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

/**
 * Prints what a command is for. Resolves when the operating system has taken all of it, or when the reader has left:
 * `head -1` has what it wants.
 *
 * @throws OutputError for anything else, as a full disk
 */
export async function printAll({ stdout }: Pick<NodeJS.Process, 'stdout'>, text: string): Promise<void> {
  const output = createOutput({ stream: stdout, onFailure: () => {}, onDropped: () => {} })
  try {
    await output.deliver(text)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
    if (!READER_GONE.has(code))
      throw new OutputError(`stdout cannot be written (${code}): what was to be printed is lost.`)
  }
}
