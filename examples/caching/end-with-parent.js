// Ends each child with its script, if that ends, fails or is told to stop. A killed script cannot do it.
import { constants } from 'node:os'
import process from 'node:process'

const children = new Set()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]))
}

/** Kills a child when this process ends. Returns the child. */
export function endWithParent(child) {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}
