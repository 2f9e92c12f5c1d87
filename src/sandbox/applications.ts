import type { Factor } from './user.ts'

export interface SandboxApplication {
  appId: string
  /** The application's own name in addresses. */
  identifier: string
  name: string
  type: 'web' | 'spa'
  /** `true` if it was taken from a catalogue, and not built by the pool's owners. */
  isIntegrated: boolean
  hasSingleSignOn: boolean
  /** `false` if the application follows the pool's security rules. */
  hasOwnRules: boolean
  /** The factors that it has on. Without own rules they have no effect. */
  factors: Set<Factor>
}

export const FIRST_APPLICATION_ID = '62a500000000000000d15d57'
export const SECOND_APPLICATION_ID = '62a500000000000000d15d58'

/** Creates the applications of a new sandbox as fresh objects at every call. Nobody has signed in to the third. */
export function createApplications(): SandboxApplication[] {
  return [
    {
      appId: FIRST_APPLICATION_ID,
      identifier: 'example-web',
      name: 'Example web',
      type: 'web',
      isIntegrated: false,
      hasSingleSignOn: true,
      hasOwnRules: true,
      factors: new Set(['SMS', 'OTP']),
    },
    {
      appId: SECOND_APPLICATION_ID,
      identifier: 'example-console',
      name: 'Example console',
      type: 'spa',
      isIntegrated: false,
      hasSingleSignOn: false,
      hasOwnRules: true,
      factors: new Set(['OTP']),
    },
    {
      appId: '62a500000000000000d15d59',
      identifier: 'ticket-desk',
      name: 'Ticket desk 工单',
      type: 'web',
      isIntegrated: true,
      hasSingleSignOn: true,
      hasOwnRules: false,
      factors: new Set(),
    },
  ]
}

/** The factors that the pool has on when the sandbox starts. */
export const SEEDED_GLOBAL_FACTORS: readonly Factor[] = ['SMS', 'OTP', 'EMAIL']
