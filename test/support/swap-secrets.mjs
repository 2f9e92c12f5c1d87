// Changes two files together, as a mounted Kubernetes secret does, again and again.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
const next = join(folder, 'next')

function swap(version) {
  const files = join(folder, `version-${version % 8}`)
  rmSync(files, { recursive: true, force: true })
  mkdirSync(files)
  for (const name of ['id', 'secret']) writeFileSync(join(files, name), `version-${version}`)
  symlinkSync(files, next)
  renameSync(next, join(folder, 'now'))
}

swap(0)
process.send('ready')
for (let version = 1; ; version++) swap(version)
