import {
  createSeeds,
  SEEDED_APPLICATION_FACTORS,
  SEEDED_APPLICATION_ID,
  SEEDED_GLOBAL_FACTORS,
} from './seeds.ts'
import type { Factor, SandboxUser } from './user.ts'

/** The state of one sandbox, in memory. It starts from the seeds and ends with the process. */
export interface Store {
  /** The users in seed order. Writes replace their `mfa`. */
  users: readonly SandboxUser[]
  globalFactors: Set<Factor>
  /** The enabled factors by application ID. */
  applicationFactors: Map<string, Set<Factor>>
}

/** Creates a store with the content of a new sandbox. */
export function createStore(): Store {
  return {
    users: createSeeds(),
    globalFactors: new Set(SEEDED_GLOBAL_FACTORS),
    applicationFactors: new Map([[SEEDED_APPLICATION_ID, new Set(SEEDED_APPLICATION_FACTORS)]]),
  }
}
