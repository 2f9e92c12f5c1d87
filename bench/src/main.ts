import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type Bench, withBench } from './bench.ts'
import { RESULTS_FOLDER } from './harness/paths.ts'
import { type PartName, readOptions, USAGE } from './options.ts'
import { measureDocuments } from './parts/documents.ts'
import { measureLatency } from './parts/latency.ts'
import { measureProfile } from './parts/profile.ts'
import { measureStart } from './parts/start.ts'
import { measureSweeps } from './parts/sweeps.ts'
import { measureTable } from './parts/table.ts'
import { toChart } from './report/chart.ts'
import { printDocuments, printLatency, printProfile, printStart, printSweeps } from './report/print.ts'
import { printTable } from './report/print-table.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) {
    process.stdout.write(USAGE)
    return
  }
  const startedAt = new Date().toISOString()
  await withBench(options, async bench => {
    const results: Record<string, unknown> = {
      startedAt,
      node: process.version,
      cpu: cpus()[0]?.model ?? null,
      options,
    }
    for (const part of options.parts) {
      tell(`${part} …`)
      results[part] = await runPart(part, bench)
    }
    write('results.json', `${JSON.stringify(results, null, 2)}\n`)
  })
}

/** Measures and prints one part. Its result goes into the JSON. */
async function runPart(part: PartName, bench: Bench): Promise<unknown> {
  switch (part) {
    case 'table':
      return measureTable(bench, rows => console.log(printTable(rows)))
    case 'latency': {
      const rows = await measureLatency(bench)
      console.log(printLatency(rows))
      return rows
    }
    case 'start': {
      const rows = await measureStart(bench)
      console.log(printStart(rows))
      return rows
    }
    case 'documents': {
      const result = await measureDocuments(bench)
      console.log(printDocuments(result))
      return result
    }
    case 'sweeps': {
      const sweeps = await measureSweeps(bench)
      console.log(printSweeps(sweeps))
      write('sweeps.svg', toChart(sweeps))
      return sweeps
    }
    case 'profile': {
      const result = await measureProfile(bench)
      console.log(printProfile(result))
      return result
    }
  }
}

/** Only the last run is kept. */
function write(name: string, text: string): void {
  const file = join(RESULTS_FOLDER, name)
  writeFileSync(file, text)
  tell(`Written: ${file}`)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : `${error}`)
  process.exitCode = 1
})
