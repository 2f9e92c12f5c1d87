import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const OWN_COLLECT_VARIABLES = fileURLToPath(new URL('graphiql/collect-variables.ts', import.meta.url))

/** See `graphiql/collect-variables.ts`. The worker bundles a copy of its own, so this plugin is for both. */
const ownCollectVariables = () => ({
  name: 'own-collect-variables',
  enforce: 'pre' as const,
  resolveId: (source: string, importer: string | undefined) =>
    source === './collectVariables' && importer?.includes('graphql-language-service')
      ? OWN_COLLECT_VARIABLES
      : null,
})

/** Every file but the page itself has a hash in its name, and every address is relative to the page. */
export default defineConfig({
  root: fileURLToPath(new URL('graphiql', import.meta.url)),
  base: './',
  plugins: [ownCollectVariables()],
  worker: { format: 'es', plugins: () => [ownCollectVariables()] },
  build: {
    outDir: fileURLToPath(new URL('../dist/pages', import.meta.url)),
    assetsDir: 'graphiql',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // Its largest part is the editor, which is one piece.
    chunkSizeWarningLimit: 8_000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      onLog: (level, log, write) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : write(level, log)),
    },
  },
  logLevel: 'warn',
})
