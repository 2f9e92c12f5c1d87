import { type Profiler, Session } from 'node:inspector'

// The session starts here, because only code that is compiled from now on has counters.
const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/**
 * Runs `run` and counts the executed blocks of code in some files. Each round of a loop and each call is one. The
 * number is the same on every machine, however busy. Work inside a built-in function (`indexOf`, a regular expression)
 * is not counted.
 *
 * @param file a part of the path of the files, for example `base/parse-json`
 */
export async function countSteps(file: string, run: () => unknown): Promise<number> {
  takeCounts()
  await run()
  const scripts = takeCounts().filter(({ url }) => url.includes(file))
  if (scripts.length === 0) throw new Error(`Nothing was run in ${file}`)
  const ranges = scripts.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
  return ranges.reduce((sum, { count }) => sum + count, 0)
}

/** Returns the counts since the last time. */
function takeCounts(): readonly Profiler.ScriptCoverage[] {
  let counts: readonly Profiler.ScriptCoverage[] = []
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
    counts = result
  })
  return counts
}
