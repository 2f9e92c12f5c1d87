import { open } from 'node:fs/promises'

/** Loaded before the server (`--import`). It counts the syncs of the disk, and reports them when the harness asks. */

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
