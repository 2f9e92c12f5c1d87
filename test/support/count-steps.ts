import { type Profiler, Session } from 'node:inspector'

// From here on, since only what is compiled from now on has counters.
const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/**
 * Runs something and counts the blocks of code that were run in some of our files, or of a package's: each turn of a
 * loop and each call is one. It is the same number on every machine, however busy. What is done inside of one built-in
 * (`indexOf`, a regular expression) is not seen.
 *
 * @param file what the path of a file must hold, as `base/parse-json`
 */
export async function countSteps(file: string, run: () => unknown): Promise<number> {
  takeCounts()
  await run()
  const scripts = takeCounts().filter(({ url }) => url.includes(file))
  if (scripts.length === 0) throw new Error(`Nothing was run in ${file}`)
  const ranges = scripts.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
  return ranges.reduce((sum, { count }) => sum + count, 0)
}

/** The counts since the last time. */
function takeCounts(): readonly Profiler.ScriptCoverage[] {
  let counts: readonly Profiler.ScriptCoverage[] = []
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
    counts = result
  })
  return counts
}
