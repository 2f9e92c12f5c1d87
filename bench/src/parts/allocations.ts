import { z } from 'zod'
import type { Bench } from '../bench.ts'
import { toScript } from '../harness/paths.ts'
import { SUBJECTS, type SubjectName } from '../subjects.ts'
import { FrameSums, frameSchema, type Share } from './frames.ts'
import { measureRound } from './measure-round.ts'

/** The bytes that one operation allocates in V8's heap, those of collected objects included. */
export interface AllocationsRow {
  readonly subject: SubjectName
  readonly bytesPerOperation: number
  readonly byPackage: readonly Share[]
  /** The bytes that the function itself allocates, without its callees. */
  readonly byFunction: readonly Share[]
}

const CASE = 'set-with-token'
const OPERATIONS = 20_000
const QUICK_OPERATIONS = 4_000
const TOP_FUNCTIONS = 25

const sumsSchema = z.array(z.object({ frame: frameSchema, bytes: z.number() }))

/** Measures a fresh process of each subject under the mutation of one call. The figures depend little on the load. */
export async function measureAllocations(bench: Bench): Promise<AllocationsRow[]> {
  const { subjects, isQuick, warmUp } = bench.options
  const nodeArgs = ['--import', toScript('harness/sample-allocations.js')]
  const rows: AllocationsRow[] = []
  for (const subject of subjects) {
    await using running = await SUBJECTS[subject].start(bench.surroundings, { nodeArgs })
    const prepared = await bench.prepare(subject, CASE, running)
    if (prepared === null) continue
    const load = { pid: running.pid, url: running.url, ...prepared }
    await measureRound({ ...load, extent: warmUp })
    await running.ask('allocations:begin')
    const extent = { durationMs: 0, answers: isQuick ? QUICK_OPERATIONS : OPERATIONS }
    const { operations } = await measureRound({ ...load, extent })
    const sums = new FrameSums()
    for (const { frame, bytes } of sumsSchema.parse(await running.ask('allocations:end'))) {
      sums.add(frame, bytes)
    }
    rows.push({
      subject,
      bytesPerOperation: sums.total / (operations + prepared.scripts.length),
      byPackage: sums.byPackage(),
      byFunction: sums.byFunction().slice(0, TOP_FUNCTIONS),
    })
  }
  return rows
}
