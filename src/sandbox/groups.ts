import { toShare } from './share.ts'
import type { SandboxUser } from './user.ts'
import { SEEDED_USER_COUNT } from './user-count.ts'
import { toPlace } from './user-id.ts'

export interface SandboxGroup {
  id: string
  code: string
  name: string
  description: string
  /** Tells whether a user is a member. No call here changes who is. */
  has(user: SandboxUser): boolean
}

/** The groups. Some of their members are among the seeds. */
export const GROUPS: readonly SandboxGroup[] = [
  group(1, 'administrators', 'Administrators', ['ada', 'grace'], { from: 0, to: 0.02 }),
  group(2, 'contractors', 'Contractors', ['charles'], { from: 0.02, to: 0.12 }),
  group(3, 'break-glass', 'Break glass', ['alan'], null),
  group(4, 'nobody', 'Nobody yet', [], null),
]

function group(
  place: number,
  code: string,
  name: string,
  usernames: readonly string[],
  shares: { from: number; to: number } | null,
): SandboxGroup {
  return {
    id: `65e${place.toString(16).padStart(21, '0')}`,
    code,
    name,
    description: `Made up: ${name}`,
    has: user => (isSeed(user) ? usernames.includes(user.username) : isBetween(user, shares)),
  }
}

function isSeed({ userId }: SandboxUser): boolean {
  return (toPlace(userId) ?? 0) <= SEEDED_USER_COUNT
}

function isBetween({ userId }: SandboxUser, shares: { from: number; to: number } | null): boolean {
  const share = toShare(toPlace(userId) ?? 0, 'group')
  return shares !== null && share >= shares.from && share < shares.to
}
