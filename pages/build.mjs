// Builds the pages into dist/pages, unless they are already built from these very files. The assets are
// compressed here, once, and kept in no other form. See src/http/page/page-assets.ts.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${ROOT}dist/pages`

/** The sources of each page, and the place of its assets. The build of the first one empties the folder of all. */
const PAGES = [
  { folder: 'pages', from: ['pages'], out: OUT, assets: `${OUT}/graphiql` },
  {
    folder: 'console',
    from: ['console', 'operations'],
    out: `${OUT}/console`,
    assets: `${OUT}/console/assets`,
  },
]

function listFiles(path) {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.parentPath.includes('generated'))
    .map(entry => `${entry.parentPath}/${entry.name}`)
    .toSorted()
}

function hashSources(paths) {
  const hash = createHash('sha256')
  for (const file of [...paths, 'package-lock.json'].flatMap(path => listFiles(`${ROOT}${path}`)))
    hash.update(readFileSync(file))
  return hash.digest('hex')
}

function isBuilt(stamp, builtFrom) {
  try {
    return readFileSync(stamp, 'utf8') === builtFrom
  } catch {
    return false
  }
}

// The same sources give the same pages, whatever the environment says. Vite reads it.
env.NODE_ENV = 'production'

for (const { folder, from, out, assets } of PAGES) {
  const builtFrom = hashSources(from)
  const stamp = `${out}/built-from`
  if (isBuilt(stamp, builtFrom)) continue
  if (folder === 'console') await import('../console/generate-documents.mjs')
  const { build } = await import('vite')
  await build({ configFile: `${ROOT}${folder}/vite.config.ts` })
  for (const name of readdirSync(assets)) {
    const path = `${assets}/${name}`
    const bytes = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    rmSync(path)
  }
  writeFileSync(stamp, builtFrom)
}
