// Puts the modules in dist and the packages that every start loads into dist/bundle: one file for each part that is
// loaded together. `npm start`, the package and the image start this. `npm run dev` starts the modules.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { toNotices } from './notices.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MODULES = `${ROOT}dist/`
const OUT = `${MODULES}bundle`

/** Each is loaded by a setting or an input alone, so it stays a package. */
const SEPARATE = [
  '@opentelemetry',
  'bullmq',
  'croner',
  'ioredis',
  'libphonenumber-js',
  'libsql',
  'pg',
  'prom-client',
]

/** Lets the maps of the bundle lead to `src/`. */
const readModule = {
  name: 'read-module',
  load(id) {
    if (!id.startsWith(MODULES) || !id.endsWith('.js')) return null
    return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }
  },
}

/** Leaves out undici's HTTP/2, which is off. It would load that of Node. */
const leaveOutHttp2 = {
  name: 'leave-out-http2',
  load: id => (id.endsWith('/undici/lib/dispatcher/client-h2.js') ? 'module.exports = null' : null),
}

const { output } = await build({
  cwd: ROOT,
  input: { main: 'dist/main.js' },
  platform: 'node',
  tsconfig: false,
  plugins: [readModule, leaveOutHttp2],
  external: SEPARATE.map(name => new RegExp(`^${name}(/|$)`)),
  // One copy of each: two copies refuse each other's types.
  resolve: { mainFields: ['module', 'main'], alias: { undici$: `${ROOT}bundle/undici-parts.mjs` } },
  // The server adapter of Yoga only compares it with its own, which is another. Node would load its fetch for it.
  transform: { define: { 'globalThis.Request': 'undefined' } },
  // Some modules are loaded late only where nothing else has loaded them.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: OUT,
    format: 'esm',
    sourcemap: true,
    // V8 keeps the text of a file: with one byte for each character, or two if a single one is not ASCII.
    charset: 'ascii',
    comments: false,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  },
})
const notices = toNotices(output.flatMap(chunk => chunk.moduleIds ?? []))
writeFileSync(`${OUT}/NOTICES.txt`, notices)

const written = new Set(['NOTICES.txt', ...output.map(({ fileName }) => fileName)])
for (const name of readdirSync(OUT)) if (!written.has(name)) rmSync(`${OUT}/${name}`, { recursive: true })
