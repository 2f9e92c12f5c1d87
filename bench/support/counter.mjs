// Runs a counting GenAuth in a process of its own that runs before the callers if they share a core. An
// arrival is then counted when it arrives, however busy the callers are.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { getPriority, setPriority } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { CORES, canGoFirst, goingFirst, moveTo, onCore } from './cores.mjs'

const SCRIPT = fileURLToPath(new URL('./counting-process.mjs', import.meta.url))
const NICENESS_OF_CALLERS = 5
/**
 * A late counter would count crowds that did not exist. In real time one thread spins while it waits for another.
 * Compiling takes 80 ms at a time, and a collection as long the first time.
 */
const NEVER_LATE = [
  '--single-threaded',
  '--no-opt',
  '--expose-gc',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
]

/** @param options of the counting GenAuth */
export async function startCounter(options = {}) {
  const [execPath, ...execArgv] = goingFirst(onCore(CORES.counter, [process.execPath, ...NEVER_LATE]))
  const child = fork(SCRIPT, [JSON.stringify(options)], { execPath, execArgv, serialization: 'advanced' })
  const [{ url, beganAtMs }] = await once(child, 'message')
  const aheadMs = beganAtMs - (Number(process.hrtime.bigint()) / 1e6 - performance.now())
  const toOwnClock = atMs => atMs + aheadMs

  return {
    url,
    /**
     * Moves the callers, which are this process, to their core. Lets them step back if the counter may not go first.
     * Call it last, because later children of this process inherit both. Returns the places.
     */
    placeCallers() {
      moveTo(CORES.callers)
      if (!canGoFirst) setPriority(NICENESS_OF_CALLERS)
      const { servers, counter, callers } = CORES
      return [
        `servers ${toName(servers)}`,
        `counter ${toName(counter)}, ${canGoFirst ? 'real-time' : 'nice 0'}`,
        `callers ${toName(callers)}, nice ${getPriority()}`,
      ].join('; ')
    },
    /** Lets GenAuth reply 429 above this rate from now on. `null` ends that. */
    leave: perSecond => child.send({ order: 'leave', value: perSecond }),
    /** Returns the times of arrivals and refusals, by the clock of this process, and the counter's lateness so far. */
    async tell() {
      child.send({ order: 'tell' })
      const [{ arrivals, refused, lateByMs }] = await once(child, 'message')
      return {
        arrivals: arrivals.map(toOwnClock),
        refused: refused.map(toOwnClock),
        lateByMs: lateByMs.map(ms => Math.round(ms * 10) / 10),
      }
    },
    close: () => child.kill(),
  }
}

function toName(core) {
  return core === null ? 'on any' : `on ${core}`
}
