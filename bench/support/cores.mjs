// Who runs on which core, and who goes first there: the servers that are measured have one core, whoever counts
// another, where there are two at least and `taskset` to choose them.
import { execFileSync, spawnSync } from 'node:child_process'
import process from 'node:process'

const works = (...command) => spawnSync(command[0], command.slice(1)).status === 0
const canChoose = core => works('taskset', '-c', `${core}`, 'true')
/** A niceness does not do: on a busy machine -20 left the counter waiting 6 % of the time, and -5 a third of it. */
const REAL_TIME = ['chrt', '--fifo', '1']

/** Whether this machine has a real-time priority for us; mostly for root alone. */
export const canGoFirst = works(...REAL_TIME, 'true')

/** Null: any. The callers have a core of their own if there is a third. */
export const CORES =
  canChoose(0) && canChoose(1)
    ? { servers: 0, counter: 1, callers: canChoose(2) ? 2 : 1 }
    : { servers: null, counter: null, callers: null }

/** The command that runs another on a core. */
export function onCore(core, command) {
  return core === null ? command : ['taskset', '-c', `${core}`, ...command]
}

/** The command that runs another before all that have no such priority, if that may be. */
export function goingFirst(command) {
  return canGoFirst ? [...REAL_TIME, ...command] : command
}

/** Moves this process to a core, with all its threads. What it starts from now on begins there too. */
export function moveTo(core) {
  if (core === null) return
  execFileSync('taskset', ['-a', '-c', '-p', `${core}`, `${process.pid}`], { stdio: 'ignore' })
}
