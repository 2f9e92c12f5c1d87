import {
  createSeeds,
  SEEDED_APPLICATION_FACTORS,
  SEEDED_APPLICATION_ID,
  SEEDED_GLOBAL_FACTORS,
} from './seeds.ts'
import type { Factor, SandboxUser } from './user.ts'

/** All state of one sandbox, in memory: it starts from the seeds and ends with the process. */
export interface Store {
  /** In seed order. Their `mfa` is what writes replace. */
  users: readonly SandboxUser[]
  globalFactors: Set<Factor>
  /** Enabled factors by application id. */
  applicationFactors: Map<string, Set<Factor>>
}

/** A store as every sandbox starts with. */
export function createStore(): Store {
  return {
    users: createSeeds(),
    globalFactors: new Set(SEEDED_GLOBAL_FACTORS),
    applicationFactors: new Map([[SEEDED_APPLICATION_ID, new Set(SEEDED_APPLICATION_FACTORS)]]),
  }
}
