/** The name of a change of the policy that is kept over a sign-in. */
export const POOL = 'pool'

export function toApplicationTarget(applicationId: string): string {
  return `application:${applicationId}`
}
