import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

/** Node's own modules, but for `node:process`: see below. */
const OF_NODE = 'node:*'

/**
 * What each folder of `src/` may import: folders below it, then packages. A file of `src/` itself stands for itself.
 * `main.ts` and what it loads first run on an old Node and without packages, to say what is missing.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [OF_NODE],
  mfa: ['base', 'dataloader', 'libphonenumber-js', 'node:crypto', 'node:module'],
  coverage: ['base', 'mfa', 'node:crypto', 'zod'],
  policy: ['base', 'mfa'],
  history: ['base', 'mfa', 'node:crypto', 'pino'],
  live: ['base', 'coverage', 'journal', 'mfa', 'policy', 'redis', 'node:crypto', 'ioredis', 'pino', 'zod'],
  access: ['base', 'mfa', 'redis', OF_NODE, 'jose', 'lru-cache', 'pino', 'undici', 'zod'],
  redis: ['base', OF_NODE, 'ioredis', 'pino', 'zod'],
  throttle: ['base', 'mfa', 'redis', 'zod'],
  locks: ['base', 'mfa', 'redis', 'node:crypto', 'zod'],
  genauth: [
    ...['base', 'coverage', 'history', 'mfa', 'policy', 'throttle', OF_NODE, 'jose', 'pino', 'undici', 'zod'],
  ],
  journal: ['base', 'coverage', 'history', 'mfa', 'policy', OF_NODE, 'pino', 'zod'],
  schema: [
    'access',
    'base',
    'coverage',
    'history',
    'live',
    'mfa',
    'policy',
    '@pothos/core',
    '@pothos/plugin-directives',
    'graphql',
    'zod',
  ],
  execution: [
    ...['access', 'base', 'mfa', 'schema', 'node:crypto', 'graphql', 'graphql-yoga', 'lru-cache', 'pino'],
    ...['zod'],
  ],
  http: [
    ...['access', 'base', 'coverage', 'execution', 'history', 'live', 'mfa', 'package-file.ts', 'policy'],
    ...['schema', OF_NODE, 'graphql', 'graphql-yoga', 'pino', 'zod'],
  ],
  store: [
    ...['base', 'coverage', 'history', 'journal/store/chain-store.ts', 'mfa', OF_NODE],
    ...['kysely', 'libsql', 'pg', 'pino', 'zod'],
  ],
  jobs: ['base', 'coverage', 'mfa', 'redis', 'node:module', 'bullmq', 'croner', 'ioredis', 'pino'],
  telemetry: [
    ...['app-events.ts', 'base', 'coverage', 'genauth', 'history', 'http', 'journal', 'mfa'],
    ...['package-version.ts', OF_NODE, '@opentelemetry/*', 'pino', 'prom-client'],
  ],
  sandbox: ['base/create-http-server.ts', 'genauth/credentials/signature.ts', OF_NODE, 'jose', 'zod'],
  config: [
    ...['access', 'base', 'execution', 'genauth', 'http', 'jobs/cron.ts', 'log.ts', 'mfa', 'redis'],
    ...['replicas.ts', 'sandbox', 'schema', 'store/store-target.ts', 'telemetry', 'pino', 'zod'],
  ],
  'replicas.ts': ['access', 'base', 'locks', 'mfa', 'redis', 'throttle', 'node:crypto', 'pino'],
  'app-events.ts': ['access', 'genauth', 'history', 'http', 'journal', 'mfa', 'telemetry'],
  'host.ts': ['base', 'config', 'http', 'journal'],
  'rotate-secrets.ts': ['access', 'config', 'genauth', 'journal', 'live', 'mfa', 'pino'],
  'start-upstream.ts': ['base', 'config', 'genauth', 'http', 'replicas.ts', 'sandbox', 'pino'],
  'start-history.ts': ['base', 'history', 'journal', 'store', 'pino'],
  'start-coverage.ts': ['base', 'config', 'coverage', 'jobs', 'store', 'pino'],
  'protect-users.ts': ['mfa', 'pino'],
  'app.ts': [
    ...['access', 'app-events.ts', 'base', 'config', 'coverage', 'history', 'host.ts', 'http', 'journal'],
    ...['live', 'locks', 'mfa', 'policy', 'protect-users.ts', 'rotate-secrets.ts', 'schema', 'store'],
    ...['start-coverage.ts', 'start-history.ts', 'start-upstream.ts', 'telemetry', 'pino'],
  ],
  cli: [
    ...['app.ts', 'base', 'config', 'execution', 'host.ts', 'http', 'journal', 'log.ts', 'mfa'],
    ...['package-version.ts', 'readable-log.ts', 'sandbox', 'schema', OF_NODE, 'pino'],
    'store',
  ],
  'main.ts': ['cli/signals.ts', 'cli/run-program.ts', 'oldest-node.ts'],
  'cli/signals.ts': [],
  'oldest-node.ts': [],
  'log.ts': ['pino'],
  'readable-log.ts': ['base', 'pino'],
  'package-file.ts': ['node:fs'],
  'package-version.ts': ['package-file.ts', 'node:fs'],
}

/** Who may read the time or wait by other means than a `Clock`, and why. */
const MAY_USE_THE_TIMERS_OF_NODE: Readonly<Record<string, string>> = {
  'base/clock.ts': 'makes a clock of them',
  cli: 'is the process itself, where no test turns the time',
  sandbox: 'stands in for another program, with a `now` of its own',
  'http/send-response.ts': 'drops clients that do not read: their sockets go by no other clock',
  'http/graceful-shutdown.ts': 'waits for turns of the event loop',
  'store/scans/orders/let-others-run.ts': 'waits for a turn of the event loop',
}
const TIMERS_OF_NODE = /\b(?:Date\.now|performance\.now|setTimeout|setInterval|node:timers\/promises)\b/

interface Import {
  readonly file: string
  /** A path below `src/`, or the name of a package as it is written. */
  readonly target: string
}

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))
const IMPORTS = FILES.flatMap(findImports)

/** Static, dynamic, of values and of types. */
function findImports(file: string): Import[] {
  return specifiersIn(readFileSync(join(SRC, file), 'utf8')).map(text => ({
    file,
    target: text.startsWith('.') ? join(file, '..', text) : text,
  }))
}

function specifiersIn(source: string): string[] {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName)
}

/** The rules of the file itself, or of the first folder that holds it. */
function rulesFor(file: string): readonly string[] {
  return MAY_IMPORT[file] ?? MAY_IMPORT[file.split('/')[0] ?? ''] ?? []
}

function isAllowed({ file, target }: Import): boolean {
  const ownFolder = file.split('/')[0] ?? ''
  if (MAY_IMPORT[file] === undefined && target.startsWith(`${ownFolder}/`)) return true
  return rulesFor(file).some(rule =>
    rule.endsWith('*')
      ? target.startsWith(rule.slice(0, -1))
      : target === rule || target.startsWith(`${rule}/`),
  )
}

/** Groups of files each of which needs, by some way, every other one (Tarjan's strongly connected components). */
function findCircles(imports: readonly Import[]): string[][] {
  const index = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  function visit(file: string): number {
    const own = index.size
    index.set(file, own)
    let low = own
    open.push(file)
    for (const { target } of imports.filter(found => found.file === file && FILES.includes(found.target))) {
      const reached = index.has(target)
        ? open.includes(target)
          ? (index.get(target) ?? own)
          : own
        : visit(target)
      low = Math.min(low, reached)
    }
    lowest.set(file, low)
    if (low === own) {
      const circle = open.splice(open.indexOf(file))
      if (circle.length > 1) circles.push(circle.toSorted())
    }
    return low
  }
  for (const file of FILES) if (!index.has(file)) visit(file)
  return circles
}

describe('src/', () => {
  it('has a rule for each folder and for each file outside of them', () => {
    const places = new Set(FILES.map(file => file.split('/')[0] ?? ''))
    expect([...places].filter(place => MAY_IMPORT[place] === undefined)).toEqual([])
  })

  it('imports only what the table allows', () => {
    expect(IMPORTS.length).toBeGreaterThan(500)
    expect(IMPORTS.filter(found => !isAllowed(found))).toEqual([])
  })

  it('leaves the process to main.ts and cli/', () => {
    expect(IMPORTS.filter(({ target }) => target === 'node:process')).toEqual([])
  })

  it('has no rule that nothing needs', () => {
    const idle = Object.entries(MAY_IMPORT).flatMap(([place, rules]) =>
      rules
        .filter(rule => {
          const used = IMPORTS.filter(({ file }) => file === place || file.startsWith(`${place}/`))
          return !used.some(({ target }) => target === rule || target.startsWith(rule.replace('*', '')))
        })
        .map(rule => `${place}: ${rule}`),
    )
    expect(idle).toEqual([])
  })

  it('tells the time and waits by a Clock', () => {
    const places = Object.keys(MAY_USE_THE_TIMERS_OF_NODE)
    const others = FILES.filter(
      file =>
        TIMERS_OF_NODE.test(readFileSync(join(SRC, file), 'utf8')) &&
        !places.some(place => file === place || file.startsWith(`${place}/`)),
    )
    expect(others).toEqual([])
  })

  it('has no circle of imports, those of types included', () => {
    expect(findCircles(IMPORTS)).toEqual([])
  })
})

describe('the check of imports', () => {
  it.each([
    ['mfa/factor.ts', "import { x } from '../genauth/client.ts'", false],
    ['mfa/factor.ts', "import type { X } from '../schema/index.ts'", false],
    ['mfa/factor.ts', "import 'graphql'", false],
    ['mfa/factor.ts', "export { x } from '../base/deadline.ts'", true],
    ['mfa/factor.ts', "import { x } from './user-ref.ts'", true],
    ['genauth/client.ts', "const x = await import('@opentelemetry/api')", false],
    ['http/server.ts', "import { x } from 'prom-client'", false],
    ['sandbox/sandbox.ts', "import { x } from '../genauth/client.ts'", false],
    ['sandbox/sandbox.ts', "import { x } from '../genauth/credentials/signature.ts'", true],
    ['telemetry/tracing.ts', "import { x } from '@opentelemetry/api'", true],
    ['main.ts', "import { x } from './app.ts'", false],
    ['cli/signals.ts', "import { x } from './serve.ts'", false],
  ])('judges in %s: %s', (file, source, expected) => {
    const [text = ''] = specifiersIn(source)
    const target = text.startsWith('.') ? join(file, '..', text) : text
    expect(isAllowed({ file, target })).toBe(expected)
  })

  it('finds a circle', () => {
    const [a = '', b = '', c = ''] = FILES
    const imports = [
      { file: a, target: b },
      { file: b, target: c },
      { file: c, target: a },
    ]
    expect(findCircles(imports)).toEqual([[a, b, c].toSorted()])
  })
})
