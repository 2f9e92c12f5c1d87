import type { Clock } from '../../base/clock.ts'

/** Resolves after the time, or when the work is closed. The timer keeps no process alive. */
export async function untilOver(waitMs: number, closed: Promise<void>, clock: Clock): Promise<void> {
  if (waitMs <= 0) return
  await new Promise<void>(resolve => {
    const timer = clock.after(waitMs, resolve).unref()
    void closed.then(() => {
      timer.cancel()
      resolve()
    })
  })
}
