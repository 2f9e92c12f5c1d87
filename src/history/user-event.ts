/** The actions with a second factor that GenAuth logs. */
export const USER_EVENT_TYPES = ['VERIFICATION', 'BINDING', 'UNBINDING'] as const

export type UserEventType = (typeof USER_EVENT_TYPES)[number]

export type UserEventKind = 'VERIFIED' | 'VERIFICATION_FAILED' | 'BOUND' | 'UNBOUND'

/** An action of a user that GenAuth has logged. It holds nothing that names a person, a device or a place. */
export interface UserEvent {
  /** The same for the same row of the log, each time. */
  readonly id: string
  readonly atMs: number
  readonly kind: UserEventKind
  /** `null` if GenAuth names none. */
  readonly applicationId: string | null
  /** Two letters (ISO 3166-1). `null` if GenAuth does not say. */
  readonly country: string | null
  /** GenAuth's own id of the request. `null` if GenAuth does not say. */
  readonly requestId: string | null
}
