import type { z } from 'zod'
import type { UpstreamResult } from '../mfa/failure.ts'

/** A call to one endpoint below `/api/v3/`. Its parameters are the query of a GET or the body of a POST. */
export interface Call<T> {
  readonly kind: 'READ' | 'WRITE'
  readonly method: 'GET' | 'POST'
  readonly endpoint: string
  readonly params: Readonly<Record<string, unknown>>
  /** Names the user that the call is about, by the same text for the same identifier. It is empty without a user. */
  readonly subject: string
  /** The shape that `data` must have for the call to count as a success, and what it becomes. */
  readonly data: z.ZodType<T>
}

/** Keeps reads and writes apart, so that a slow or broken half of GenAuth does not affect the other half. */
export type ByKind<T> = Readonly<Record<Call<unknown>['kind'], T>>

/** Makes a call and returns its data, as `Call.data` reads them. It never throws. */
export type MakeCall = <T>(call: Call<T>) => Promise<UpstreamResult<T>>

/** The path of every endpoint begins with it. */
export const API_PATH = '/api/v3/'
