import { cpus } from 'node:os'
import { withBench } from './bench.ts'
import { findNode } from './harness/find-node.ts'
import { readOptions, USAGE } from './options.ts'
import { measureTable } from './parts/table.ts'
import { printNodes, type RunOfTable } from './report/print-nodes.ts'
import { printTable } from './report/print-table.ts'
import { RUN_PART, tell, writeResult } from './run-part.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) {
    process.stdout.write(USAGE)
    return
  }
  const nodes = options.nodes.map(findNode)
  const about = { startedAt: new Date().toISOString(), cpu: cpus()[0]?.model ?? null, options }
  const runs: object[] = []
  const tables: RunOfTable[] = []
  for (let run = 1; run <= options.runs; run++) {
    for (const node of nodes) {
      console.log(`## Node ${node.version}, run ${run} of ${options.runs}\n`)
      const parts: Record<string, unknown> = {}
      await withBench(options, node, async bench => {
        for (const part of options.parts) {
          tell(`${part} …`)
          if (part === 'table') {
            const rows = await measureTable(bench, own => console.log(printTable(own)))
            tables.push({ node: node.version, rows })
            parts[part] = rows
          } else parts[part] = await RUN_PART[part](bench)
        }
      })
      runs.push({ node: node.version, run, parts })
      writeResult('results.json', `${JSON.stringify({ ...about, runs }, null, 2)}\n`)
    }
  }
  if (tables.length > 1) console.log(printNodes(tables))
}

main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : `${error}`)
  // The channel to a subject that is left would keep this process. Its end ends the subject.
  process.exit(1)
})
