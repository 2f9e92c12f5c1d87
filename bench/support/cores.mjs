// Assigns processes to cores, and ranks them there. The measured servers have one core and the counter has
// another. That needs two cores at least, and `taskset`.
import { execFileSync, spawnSync } from 'node:child_process'
import process from 'node:process'

const works = (...command) => spawnSync(command[0], command.slice(1)).status === 0
const canChoose = core => works('taskset', '-c', `${core}`, 'true')
/** A niceness is not enough. On a busy machine -20 left the counter waiting 6 % of the time, and -5 a third of it. */
const REAL_TIME = ['chrt', '--fifo', '1']

/** `true` if this process may use a real-time priority, which mostly only root may. */
export const canGoFirst = works(...REAL_TIME, 'true')

/** `null` stands for any core. The callers have a core of their own if there is a third. */
export const CORES =
  canChoose(0) && canChoose(1)
    ? { servers: 0, counter: 1, callers: canChoose(2) ? 2 : 1 }
    : { servers: null, counter: null, callers: null }

/** Returns the command that runs another on a core. */
export function onCore(core, command) {
  return core === null ? command : ['taskset', '-c', `${core}`, ...command]
}

/** Returns the command that runs another with real-time priority, if that is allowed. */
export function goingFirst(command) {
  return canGoFirst ? [...REAL_TIME, ...command] : command
}

/** Moves this process to a core, with all its threads. Its later children begin there, too. */
export function moveTo(core) {
  if (core === null) return
  execFileSync('taskset', ['-a', '-c', '-p', `${core}`, `${process.pid}`], { stdio: 'ignore' })
}
