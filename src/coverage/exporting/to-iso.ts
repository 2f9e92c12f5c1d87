/** @returns `null` for `null` */
export function toIso(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString()
}
