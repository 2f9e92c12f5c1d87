import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { limitMemory } from '../harness/memory-limit.ts'
import { readRssBytes } from '../harness/process-usage.ts'
import { startServerVariant } from '../start-subject.ts'
import { measureRound } from './measure-round.ts'

/** This server at full load within the memory of a small container. */
export interface MemoryRow {
  /** V8's flag for the young generation in MB. `null` without it. */
  readonly semiSpaceMb: number | null
  readonly idleRssBytes: number
  /** The most resident memory at any moment. */
  readonly peakRssBytes: number
  /** The most that the container was charged. Files that the kernel keeps count until it needs their room. */
  readonly peakChargedBytes: number
  readonly kills: number
  /** Of the mutation. */
  readonly cpuUs: number
  readonly operationsPerS: number
}

const LIMIT_BYTES = 256 * 1024 * 1024
const SEMI_SPACES_MB = [null, 32, 16, 8, 4]
const LOADS = ['set-with-token', 'user-mfa'] as const
const LOAD_MS = 20_000
const QUICK_LOAD_MS = 5_000
const IDLE_MS = 1_000

/** Starts a fresh process for each size. Its journal is on a disk, because a memory file system counts, too. */
export async function measureMemory(bench: Bench): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = []
  for (const semiSpaceMb of SEMI_SPACES_MB) rows.push(await measureSize(bench, semiSpaceMb))
  return rows
}

async function measureSize(bench: Bench, semiSpaceMb: number | null): Promise<MemoryRow> {
  const { surroundings, options } = bench
  await using limit = limitMemory(LIMIT_BYTES)
  await using running = await startServerVariant({ name: 'server', isOnDisk: true }, surroundings, {
    memoryLimit: limit,
    nodeArgs: semiSpaceMb === null ? [] : [`--max-semi-space-size=${semiSpaceMb}`],
  })
  const { pid, url } = running
  await sleep(IDLE_MS)
  const idleRssBytes = readRssBytes(pid)
  const extent = { durationMs: options.isQuick ? QUICK_LOAD_MS : LOAD_MS, answers: 1 }
  const rounds = []
  for (const caseName of LOADS) {
    const prepared = await bench.prepare('server', caseName, running)
    if (prepared === null) throw new Error(`The server answers ${caseName}`)
    await measureRound({ pid, url, ...prepared, extent: options.warmUp })
    rounds.push(await measureRound({ pid, url, ...prepared, extent }))
  }
  const [mutation] = rounds
  return {
    semiSpaceMb,
    idleRssBytes,
    peakRssBytes: readPeakRssBytes(pid),
    peakChargedBytes: limit.readPeakBytes(),
    kills: limit.readKills(),
    cpuUs: mutation?.cpuUs ?? Number.NaN,
    operationsPerS: mutation?.operationsPerS ?? Number.NaN,
  }
}

function readPeakRssBytes(pid: number): number {
  const kb = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return Number(kb) * 1024
}
