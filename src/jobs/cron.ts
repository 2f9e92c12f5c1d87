import { createRequire } from 'node:module'

/** The moments that a cron expression of five fields names, in UTC. */
export interface CronSchedule {
  /** Returns the first moment after another one. Both are milliseconds since 1970. */
  nextAfter(ms: number): number
}

const loadModule = createRequire(import.meta.url)

/**
 * Reads a cron expression. The library is loaded with the first one.
 *
 * @returns `null` if it is none, or if it names no moment, as 30 February
 */
export function parseCron(expression: string): CronSchedule | null {
  const { Cron }: typeof import('croner') = loadModule('croner')
  try {
    const cron = new Cron(expression, { paused: true, mode: '5-part', timezone: 'Etc/UTC' })
    if (cron.nextRun() === null) return null
    return { nextAfter: ms => cron.nextRun(new Date(ms))?.getTime() ?? Number.MAX_SAFE_INTEGER }
  } catch {
    return null
  }
}
