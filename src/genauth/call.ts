import type { z } from 'zod'
import type { UpstreamResult } from '../mfa/failure.ts'
import type { Envelope } from './envelope.ts'

/** A call to one endpoint below `/api/v3/`. Its parameters are the query of a GET or the body of a POST. */
export interface Call<T> {
  readonly kind: 'READ' | 'WRITE'
  readonly method: 'GET' | 'POST'
  readonly endpoint: string
  readonly params: Readonly<Record<string, unknown>>
  /** Names the user that the call is about, by the same text for the same identifier. It is empty without a user. */
  readonly subject: string
  /** The shape that `data` must have for the call to count as a success. */
  readonly data: z.ZodType<T>
}

/** Keeps reads and writes apart, so that a slow or broken half of GenAuth does not affect the other half. */
export type ByKind<T> = Readonly<Record<Call<unknown>['kind'], T>>

export interface CallReply<T> {
  readonly data: T
  readonly envelope: Envelope
}

/** Makes a call and returns its result. It never throws. */
export type MakeCall = <T>(call: Call<T>) => Promise<UpstreamResult<CallReply<T>>>

export function toPath({ endpoint }: Pick<Call<unknown>, 'endpoint'>): string {
  return `/api/v3/${endpoint}`
}
