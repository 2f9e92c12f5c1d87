/** GenAuth's own ids have 24 hexadecimal digits. It is not documented that all have. */
const APPLICATION_ID = /^[\w.:-]{1,128}$/

/** Returns the fault of the id of an application, or `null` if it has none. The text never repeats the id. */
export function findApplicationIdFault(id: string): string | null {
  if (APPLICATION_ID.test(id)) return null
  return 'This cannot be the id of an application. Take it from mfaApplications.'
}
