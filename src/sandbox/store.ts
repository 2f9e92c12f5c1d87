import { SEEDED_APPLICATION_FACTORS, SEEDED_APPLICATION_ID, SEEDED_GLOBAL_FACTORS } from './seeds.ts'
import type { Factor } from './user.ts'
import { createUsers, type Users } from './users.ts'

/** The state of one sandbox, in memory. It starts from the seeds and ends with the process. */
export interface Store {
  users: Users
  globalFactors: Set<Factor>
  /** The enabled factors by application ID. */
  applicationFactors: Map<string, Set<Factor>>
}

/** Creates a store with the content of a new sandbox that has so many users. */
export function createStore(userCount: number): Store {
  return {
    users: createUsers(userCount),
    globalFactors: new Set(SEEDED_GLOBAL_FACTORS),
    applicationFactors: new Map([[SEEDED_APPLICATION_ID, new Set(SEEDED_APPLICATION_FACTORS)]]),
  }
}
