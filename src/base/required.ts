/** Returns a part that is there. The configuration is refused where one would be missing. */
export function required<T>(part: T | null): T {
  if (part === null) throw new Error('The configuration leaves out a part')
  return part
}
