// Builds the pages into dist/pages, unless they are already built from these very files. The assets are
// compressed here, once, and kept in no other form. See src/http/page/page-assets.ts.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${ROOT}dist/pages`
const STAMP = `${OUT}/built-from`

const sources = readdirSync(`${ROOT}pages`, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => `${entry.parentPath}/${entry.name}`)
  .toSorted()
const hash = createHash('sha256')
for (const file of [...sources, `${ROOT}package-lock.json`]) hash.update(readFileSync(file))
const builtFrom = hash.digest('hex')

function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === builtFrom
  } catch {
    return false
  }
}

if (!isBuilt()) {
  const { build } = await import('vite')
  await build({ configFile: `${ROOT}pages/vite.config.ts` })
  for (const name of readdirSync(`${OUT}/graphiql`)) {
    const path = `${OUT}/graphiql/${name}`
    const bytes = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    rmSync(path)
  }
  writeFileSync(STAMP, builtFrom)
}
