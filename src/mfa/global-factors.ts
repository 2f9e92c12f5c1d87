import type { Clock } from '../base/clock.ts'
import type { UpstreamFor } from './call-context.ts'
import type { MfaFactorType } from './factor.ts'
import { createKeptRead, type KeptRead } from './kept-read.ts'

/** The factors that the user pool allows at all, as warnings need them. */
export type GlobalFactors = KeptRead<readonly MfaFactorType[]>

/** Reads the factors that the user pool allows at all. */
export type ReadGlobalFactors = GlobalFactors['read']

/** Reads the settings of the pool at most once a minute, for any number of callers. A failure is not kept. */
export function createGlobalFactors(upstreamFor: UpstreamFor, clock: Clock): GlobalFactors {
  return createKeptRead(context => upstreamFor(context).readGlobalFactors(), clock)
}
