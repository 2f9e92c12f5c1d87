import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { isTooOld, OLDEST_NODE } from '../../src/oldest-node.ts'
import { endWithParent } from '../support/end-with-parent.ts'
import { startProgram } from '../support/program.ts'

const ROOT = new URL('../../', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))

async function run(args: readonly string[], nodeArgs: readonly string[] = [], env = {}) {
  await using program = startProgram(args, env, nodeArgs)
  return { code: await program.exitCode(), stdout: program.stdout(), stderr: program.stderr() }
}

/** Runs in the program before its own code. */
function preload(code: string): string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`]
}

describe('the program', () => {
  it('prints help and its version on stdout, and names on stderr what it does not know', async () => {
    const [help, version, unknown] = await Promise.all([
      run(['audit-verify', '--help']),
      run(['-v']),
      run(['serve']),
    ])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toMatch(/^Usage: genauth-graphql audit-verify FOLDER\|FILE/)
    expect(version).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
    expect(unknown).toMatchObject({ code: 2, stdout: '' })
    expect(unknown.stderr).toMatch(/^Unknown command: serve\n\nUsage: genauth-graphql/)
  })

  it('says which Node it needs', async () => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' })"
    expect(await run([], preload(old))).toEqual({
      code: 1,
      stdout: '',
      stderr: `This program needs Node ${OLDEST_NODE} or newer. This is Node 18.20.4.\n`,
    })
  })

  it('says what to do where a package or a file of its own is missing', async () => {
    const missing = (what: string) =>
      preload(
        `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(\`export function resolve(name, context, next) { return name.endsWith('${what}') ? next(name + '-gone', context) : next(name, context) }\`))`,
      )
    const silent = { PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'silent' }
    const [ofPackage, ofFile, ofFirst] = await Promise.all([
      run([], missing('prom-client'), { ...silent, METRICS_PORT: '0' }),
      run([], missing('/app.js'), silent),
      run([], missing('run-program.js')),
    ])
    expect(ofPackage).toMatchObject({
      code: 1,
      stderr: 'The package prom-client-gone is missing: run `npm ci`.\n',
    })
    expect(ofFile).toMatchObject({
      code: 1,
      stderr:
        'app.js-gone, a file of this program, is missing: run `npm ci` and `npm run build`, or install the package again.\n',
    })
    expect(ofFirst.stderr).toMatch(/^A file of this program is missing: run/)
  })

  it.each<[args: string[], code: number]>([
    [['schema'], 0],
    [['--help'], 0],
    [['audit-verify', 'nowhere'], 1],
  ])('%j ends quietly when its reader leaves', async (args, code) => {
    const child = endWithParent(spawn(process.execPath, ['dist/bundle/main.js', ...args], { cwd: ROOT }))
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    expect(await once(child, 'close')).toEqual([code, null])
    expect(stderr).not.toContain('stdout')
  })

  it.skipIf(process.platform !== 'linux')('fails if what it prints cannot be written', async () => {
    const child = endWithParent(
      spawn('sh', ['-c', `exec "${process.execPath}" dist/bundle/main.js schema > /dev/full`], {
        cwd: ROOT,
      }),
    )
    const stderr = once(child.stderr, 'data')
    expect(await once(child, 'close')).toEqual([1, null])
    expect(String(await stderr)).toBe('stdout cannot be written (ENOSPC): the text to print is lost.\n')
  })
})

describe('what an old Node reads', () => {
  it.each(['main.ts', 'oldest-node.ts', 'cli/signals.ts'])('%s has no newer syntax', file => {
    const source = readFileSync(new URL(`src/${file}`, ROOT), 'utf8')
    const toTarget = (target: ts.ScriptTarget) => {
      const options = { target, module: ts.ModuleKind.ES2020, useDefineForClassFields: false }
      return ts.transpileModule(source, { compilerOptions: options }).outputText
    }
    expect(toTarget(ts.ScriptTarget.ES2018)).toBe(toTarget(ts.ScriptTarget.ES2023))
  })

  it('compares versions by their numbers', () => {
    expect(manifest.engines.node).toMatch(new RegExp(`^\\^${OLDEST_NODE} `))
    for (const version of ['8.17.0', '18.20.4', '20.9.0', '20.18.0']) expect(isTooOld(version)).toBe(true)
    for (const version of ['20.18.1', '20.20.2', '22.0.0', '100.0.0-nightly'])
      expect(isTooOld(version)).toBe(false)
  })
})
