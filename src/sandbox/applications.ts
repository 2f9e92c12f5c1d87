import type { Factor } from './user.ts'

export interface SandboxApplication {
  appId: string
  /** The factors that it has on when the sandbox starts. */
  factors: readonly Factor[]
}

export const FIRST_APPLICATION_ID = '62a500000000000000d15d57'
export const SECOND_APPLICATION_ID = '62a500000000000000d15d58'

export const SEEDED_APPLICATIONS: readonly SandboxApplication[] = [
  { appId: FIRST_APPLICATION_ID, factors: ['SMS', 'OTP'] },
  { appId: SECOND_APPLICATION_ID, factors: ['OTP'] },
]

/** The factors that the pool has on when the sandbox starts. */
export const SEEDED_GLOBAL_FACTORS: readonly Factor[] = ['SMS', 'OTP', 'EMAIL']
