import type { z } from 'zod'
import type { Result } from '../mfa/failure.ts'
import type { Envelope } from './envelope.ts'

/** A call to one endpoint below `/api/v3/`. Parameters are the query of a GET, the body of a POST. */
export interface Call<T> {
  readonly kind: 'READ' | 'WRITE'
  readonly method: 'GET' | 'POST'
  readonly endpoint: string
  readonly params: Readonly<Record<string, unknown>>
  /** Whom it is about: the same text for the same user by the same identifier. Empty: nobody. */
  readonly subject: string
  /** The shape that `data` must have for the call to count as a success. */
  readonly data: z.ZodType<T>
}

export interface Answered<T> {
  readonly data: T
  readonly envelope: Envelope
}

/** Makes a call and says what came of it. Never throws. */
export type Exchange = <T>(call: Call<T>) => Promise<Result<Answered<T>>>
