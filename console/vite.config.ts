import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { defineConfig, loadEnv } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
// The development build of urql demands the text of every document, and the page has ids alone.
env['NODE_ENV'] = 'production'

/** The port of the server, beside which `npm run dev` serves the page with hot reload. */
const { PORT = '4000' } = loadEnv('', ROOT, 'PORT')
const SERVER = `http://127.0.0.1:${PORT}`

/**
 * Loads a module without Vite's helper, which would preload style sheets and modules that no chunk of this page has. The
 * helper takes 1 % of the budget of scripts.
 */
const LOAD_PLAINLY = {
  name: 'load-plainly',
  enforce: 'pre' as const,
  load: (id: string) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = load => load()' : null,
}

/**
 * The references of the built page are relative to its own address. The server turns them into those of a deep link.
 * Every file but the page has a hash in its name, and nothing is inline.
 */
export default defineConfig(({ command }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: command === 'build' ? './' : '/console/',
  plugins: [LOAD_PLAINLY],
  // These calls are 1 % shorter than those of the automatic runtime.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' },
    jsxInject: "import { Fragment, h } from 'preact'",
  },
  // See api/no-document-text.ts.
  resolve: { alias: { '@0no-co/graphql.web': `${ROOT}console/api/no-document-text.ts` } },
  build: {
    outDir: `${ROOT}dist/pages/console`,
    assetsDir: 'assets',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    host: '127.0.0.1',
    strictPort: true,
    port: 5173,
    proxy: { '/graphql': SERVER, '/console/config.json': SERVER, '/exports': SERVER },
  },
  logLevel: command === 'build' ? 'warn' : 'info',
}))
