/** Returns the system's code of an error (`ENOSPC`), or its name. Nothing else of an error may be logged. */
export function toErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
