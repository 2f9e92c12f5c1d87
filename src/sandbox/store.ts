import { randomUUID } from 'node:crypto'
import { ActionLogs } from './action-logs.ts'
import { createApplications, type SandboxApplication, SEEDED_GLOBAL_FACTORS } from './applications.ts'
import { countMembers, type MemberCounts } from './department-members.ts'
import { createListEntries, type SandboxListEntry } from './list-entries.ts'
import type { ListWindow } from './list-window.ts'
import { createListings, type Listings } from './listings.ts'
import type { SandboxPipelineFunction } from './pipeline-functions.ts'
import type { PoolSettingsCalls } from './pool-settings-calls.ts'
import { addSeededActions } from './seeded-actions.ts'
import type { Factor } from './user.ts'
import { Users } from './users.ts'

/** The state of one sandbox, in memory. It starts from the seeds and ends with the process. */
export interface Store {
  userPoolId: string
  users: Users
  listings: Listings
  /** Counted when first asked for. */
  getMemberCounts: () => MemberCounts
  /** `null` if lists show every row. */
  listWindow: ListWindow | null
  globalFactors: Set<Factor>
  poolSettingsCalls: PoolSettingsCalls
  applications: readonly SandboxApplication[]
  pipelineFunctions: readonly SandboxPipelineFunction[]
  listEntries: readonly SandboxListEntry[]
  actionLogs: ActionLogs
}

export interface StoreOptions {
  userPoolId: string
  userCount: number
  listWindow: ListWindow | null
  poolSettingsCalls: PoolSettingsCalls
  pipelineFunctions: readonly SandboxPipelineFunction[]
  exemptUserIds: readonly string[]
  /** Milliseconds since 1970. */
  now: () => number
}

/** Creates a store with the content of a new sandbox. Throws as `Users` does. */
export function createStore({ userPoolId, userCount, exemptUserIds, now, ...options }: StoreOptions): Store {
  const listings = createListings()
  let memberCounts: MemberCounts | undefined
  const actionLogs = new ActionLogs(now, randomUUID)
  const users = new Users(userCount, {
    onListed() {
      listings.clear()
      memberCounts = undefined
    },
    onAction: action => actionLogs.add(action),
  })
  addSeededActions(actionLogs, users.seeds)
  return {
    userPoolId,
    users,
    getMemberCounts() {
      memberCounts ??= countMembers(users)
      return memberCounts
    },
    listings,
    ...options,
    globalFactors: new Set(SEEDED_GLOBAL_FACTORS),
    applications: createApplications(),
    listEntries: createListEntries(exemptUserIds),
    actionLogs,
  }
}
