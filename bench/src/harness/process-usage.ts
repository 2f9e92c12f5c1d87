import { readdirSync, readFileSync } from 'node:fs'

const PAGE_BYTES = 4096

/** Times of a process so far, in microseconds. */
export interface CpuTimes {
  /** On the processor, all threads together (V8's helpers and the thread pool included). */
  readonly runUs: number
  /** Ready to run while something else had the core. Other threads of the same process count, too. */
  readonly waitUs: number
}

/** Reads the times of the scheduler, which counts in nanoseconds. `/proc/PID/stat` counts in ticks of 10 ms. */
export function readCpuTimes(pid: number): CpuTimes {
  let runUs = 0
  let waitUs = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [run = 0, wait = 0] = readSchedstat(pid, task)
    runUs += run / 1_000
    waitUs += wait / 1_000
  }
  return { runUs, waitUs }
}

/** A thread that ends between the two calls is one of a few idle helpers. */
function readSchedstat(pid: number, task: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ').map(Number)
  } catch {
    return []
  }
}

/** Reads the resident memory in bytes. */
export function readRssBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
}
