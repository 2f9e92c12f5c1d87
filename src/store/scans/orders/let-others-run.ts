import { setImmediate } from 'node:timers/promises'

/** Lets the event loop serve whatever else is there before the next piece of long work. */
export async function letOthersRun(): Promise<void> {
  await setImmediate()
}
