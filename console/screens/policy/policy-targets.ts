/** What a change of the policy is kept as over a sign-in. */
export const POOL = 'pool'

export function toApplicationTarget(applicationId: string): string {
  return `application:${applicationId}`
}
