import { open } from 'node:fs/promises'

/**
 * Loaded before the server (`--import`): counts how often the disk was made to keep what was written, and tells
 * the harness when asked.
 */

let syncs = 0

const handle = await open(new URL(import.meta.url))
const prototype: { datasync: () => Promise<void> } = Object.getPrototypeOf(handle)
await handle.close()

const { datasync } = prototype
prototype.datasync = function () {
  syncs++
  return datasync.call(this)
}

process.on('message', question => {
  if (question === 'syncs') process.send?.(syncs)
})
process.channel?.unref()
