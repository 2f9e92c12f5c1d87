/** Runs `work` once after `afterMs`. The returned function cancels it, if it has not run. */
export type Schedule = (afterMs: number, work: () => void) => () => void

/** Uses a timer that keeps no process from ending. */
export const scheduleByTimer: Schedule = (afterMs, work) => {
  const timer = setTimeout(work, afterMs).unref()
  return () => clearTimeout(timer)
}
