import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { RESULTS_FOLDER } from './harness/paths.ts'
import type { PartName } from './options.ts'
import { measureAllocations } from './parts/allocations.ts'
import { measureDocuments } from './parts/documents.ts'
import { checkDuties } from './parts/duties.ts'
import { measureLatency } from './parts/latency.ts'
import { measureMemory } from './parts/memory.ts'
import { measureOneUser } from './parts/one-user.ts'
import { measureProfile } from './parts/profile.ts'
import { checkRemovals } from './parts/removals.ts'
import { measureStart } from './parts/start.ts'
import { measureSweeps } from './parts/sweeps.ts'
import { measureTakeAway } from './parts/take-away.ts'
import { toChart } from './report/chart.ts'
import { printDocuments, printDuties, printLatency, printSweeps } from './report/print.ts'
import { printAllocations, printProfile } from './report/print-frames.ts'
import { printMemory } from './report/print-memory.ts'
import { printOneUser } from './report/print-one-user.ts'
import { printStart } from './report/print-start.ts'
import { printRemovals, printTakeAway } from './report/print-take-away.ts'

/** Measures and prints a part. Its result goes into the JSON. */
export const RUN_PART: Readonly<Record<Exclude<PartName, 'table'>, (bench: Bench) => Promise<unknown>>> = {
  duties: bench => printed(checkDuties(bench), printDuties),
  latency: bench => printed(measureLatency(bench), printLatency),
  'one-user': bench => printed(measureOneUser(bench), printOneUser),
  start: bench => printed(measureStart(bench), printStart),
  documents: bench => printed(measureDocuments(bench), printDocuments),
  async sweeps(bench) {
    const sweeps = await printed(measureSweeps(bench), printSweeps)
    writeResult('sweeps.svg', toChart(sweeps))
    return sweeps
  },
  profile: bench => printed(measureProfile(bench), printProfile),
  allocations: bench => printed(measureAllocations(bench), printAllocations),
  memory: bench => printed(measureMemory(bench), printMemory),
  async removals(bench) {
    const checked = await printed(checkRemovals(bench), printRemovals)
    if (checked.some(({ alone, inTurn }) => alone !== null || inTurn !== null)) process.exitCode = 1
    return checked
  },
  'take-away': bench => printed(measureTakeAway(bench), printTakeAway),
}

/** Only the last run is kept. */
export function writeResult(name: string, text: string): void {
  const file = join(RESULTS_FOLDER, name)
  writeFileSync(file, text)
  tell(`Written: ${file}`)
}

export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function printed<T>(measuring: Promise<T>, print: (result: T) => string): Promise<T> {
  const result = await measuring
  console.log(print(result))
  return result
}
