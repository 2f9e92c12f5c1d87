import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { withBench } from './bench.ts'
import { RESULTS_FOLDER } from './harness/paths.ts'
import { readOptions, USAGE } from './options.ts'
import { measureTable } from './parts/table.ts'
import { printTable } from './report/table.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const startedAt = new Date().toISOString()
  await withBench(options, async bench => {
    const results: Record<string, unknown> = {
      startedAt,
      node: process.version,
      cpu: cpus()[0]?.model ?? null,
      options,
    }
    for (const part of options.parts) {
      switch (part) {
        case 'table': {
          results['table'] = await measureTable(bench, rows => console.log(printTable(rows)))
          break
        }
        default:
          break
      }
    }
    const file = join(RESULTS_FOLDER, `${startedAt.replaceAll(':', '-')}.json`)
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
    tell(`Written: ${file}`)
  })
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  process.exitCode = 1
})
