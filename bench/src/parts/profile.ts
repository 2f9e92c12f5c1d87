import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Bench } from '../bench.ts'
import { startServer } from '../harness/start-server.ts'
import { FrameSums, frameSchema, type Share } from './frames.ts'
import { measureRound } from './measure-round.ts'

/** The time of this server's main thread under the mutation of one call. */
export interface ProfileResult {
  readonly byPackage: readonly Share[]
  /** Time in the function itself, without its callees. */
  readonly byFunction: readonly Share[]
}

const CASE = 'set-with-token'
const SAMPLE_EVERY_US = 200
const OPERATIONS = 15_000
const QUICK_OPERATIONS = 4_000
const TOP_FUNCTIONS = 25
/** V8's name for idle time. */
const IDLE = '(idle)'

const profileSchema = z.object({
  /** Microseconds of the monotonic clock. */
  startTime: z.number(),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
  nodes: z.array(z.object({ id: z.number(), callFrame: frameSchema })),
})

export async function measureProfile(bench: Bench): Promise<ProfileResult> {
  const { surroundings, options } = bench
  const folder = await mkdtemp(join(surroundings.memoryFolder, 'profile-'))
  const running = await startServer({
    ...surroundings,
    name: 'server',
    journalFolder: await mkdtemp(join(surroundings.memoryFolder, 'journal-')),
    logFile: join(folder, 'server.log'),
    nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_EVERY_US}`],
  })
  const prepared = await bench.prepare('server', CASE, running)
  if (prepared === null) throw new Error('The server answers sets')
  const load = { pid: running.pid, url: running.url, ...prepared }
  await measureRound({ ...load, extent: options.warmUp })
  const beginsAtUs = Number(process.hrtime.bigint() / 1_000n)
  const answers = options.isQuick ? QUICK_OPERATIONS : OPERATIONS
  await measureRound({ ...load, extent: { durationMs: 0, answers } })
  const endsAtUs = Number(process.hrtime.bigint() / 1_000n)
  // The profile is written when the process ends.
  await running.stop()

  const file = (await readdir(folder)).find(name => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error('The server left no profile')
  const profile = profileSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')))
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const sums = new FrameSums()
  let atUs = profile.startTime
  profile.samples.forEach((id, index) => {
    const us = profile.timeDeltas[index] ?? 0
    atUs += us
    const frame = frames.get(id)
    if (atUs < beginsAtUs || atUs > endsAtUs || frame === undefined || frame.functionName === IDLE) return
    sums.add(frame, us)
  })
  return { byPackage: sums.byPackage(), byFunction: sums.byFunction().slice(0, TOP_FUNCTIONS) }
}
