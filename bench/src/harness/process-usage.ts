import { readdirSync, readFileSync } from 'node:fs'

const PAGE_BYTES = 4096

/**
 * CPU time of a process so far in microseconds, all its threads together (V8's helpers and the thread pool
 * included), as the scheduler counts it to the nanosecond; `/proc/PID/stat` counts in ticks of 10 ms.
 */
export function readCpuUs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`)
  return tasks.reduce((sum, task) => sum + readTaskNs(pid, task), 0) / 1_000
}

/** A thread that ends between the two calls is one of a few idle helpers. */
function readTaskNs(pid: number, task: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0])
  } catch {
    return 0
  }
}

/** Resident memory in bytes. */
export function readRssBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
}
