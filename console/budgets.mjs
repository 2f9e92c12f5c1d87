// The sizes of the built page against its budgets. It fails if one is over. Run it after `npm run build`.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const FOLDER = fileURLToPath(new URL('../dist/pages/console/', import.meta.url))
const KB = 1_000
/**
 * Gzipped, in bytes, as one person loads them: the scripts, and the texts of the larger language. The first screen is
 * the page's own file and its texts.
 */
const BUDGETS = { firstScreen: 45 * KB, scripts: 75 * KB, styles: 10 * KB, others: 1 * KB }

const assets = readdirSync(`${FOLDER}assets`)
  .filter(name => name.endsWith('.gz'))
  .map(name => {
    const bytes = readFileSync(`${FOLDER}assets/${name}`)
    return { name: name.slice(0, -'.gz'.length), size: bytes.length, bytes }
  })
const sum = found => found.reduce((total, { size }) => total + size, 0)
const ofKind = ending => assets.filter(({ name }) => name.endsWith(ending))
const shell = readFileSync(`${FOLDER}index.html`, 'utf8')

/** Returns the scripts that a script loads before it runs. */
function findStatic(name) {
  const script = assets.find(asset => asset.name === name)
  const text = gunzipSync(script.bytes).toString()
  const imported = [...text.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map(
    ([, other]) => other,
  )
  return [name, ...imported.flatMap(findStatic)]
}
const entries = [...shell.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name]) => name)
const first = new Set(entries.flatMap(findStatic))
/** The texts of each language: those of the first screen, then those of the others. */
const languages = [/^en-/, /^zh-cn-/].map(pattern => {
  const texts = ofKind('.js').filter(({ name }) => pattern.test(name))
  const isOfOthers = ({ name }) => name.includes('-screens-')
  return { all: sum(texts), first: sum(texts.filter(text => !isOfOthers(text))) }
})
const code = ofKind('.js').filter(({ name }) => !/^(?:en|zh-cn)-/.test(name))
const others = assets.filter(({ name }) => !/\.(?:js|css)$/.test(name))

const sizes = {
  firstScreen:
    sum(assets.filter(({ name }) => first.has(name))) + Math.max(...languages.map(texts => texts.first)),
  scripts: sum(code) + Math.max(...languages.map(texts => texts.all)),
  styles: sum(ofKind('.css')),
  others: sum(others),
}
const over = Object.entries(BUDGETS).filter(([kind, budget]) => sizes[kind] > budget)
const print = ([kind, budget]) => `${kind}: ${(sizes[kind] / KB).toFixed(1)} of ${budget / KB} KB`
const report = Object.entries(BUDGETS).map(print).join('\n')
const { stdout, exit } = await import('node:process')
stdout.write(`${report}\n`)
if (over.length > 0) {
  stdout.write(`Over the budget: ${over.map(([kind]) => kind).join(', ')}\n`)
  exit(1)
}
