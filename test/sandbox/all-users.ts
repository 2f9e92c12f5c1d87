import { createFurtherUser } from '../../src/sandbox/further-user.ts'
import { createSeeds } from '../../src/sandbox/seeds.ts'
import type { SandboxUser } from '../../src/sandbox/user.ts'

/** The users of a new sandbox that has so many, in the order of their places. */
export function listAllUsers(count: number): SandboxUser[] {
  const seeds = createSeeds()
  const further = Array.from({ length: count - seeds.length }, (_, index) =>
    createFurtherUser(seeds.length + index + 1),
  )
  return [...seeds, ...further]
}
