/** What the system calls an error (`ENOSPC`), or its name: all of an error that may be logged. */
export function toErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
