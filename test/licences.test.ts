import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Anybody may use, change, sell and host what is under one of these; by their SPDX names. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
])

/** Of a choice one is enough, of several together each counts; what is more involved is for a person to read. */
function isPermissive(licence: unknown): boolean {
  if (typeof licence !== 'string') return false
  const expression = licence.replace(/^\((.*)\)$/, '$1')
  if (expression.includes(' OR ')) return expression.split(' OR ').some(one => PERMISSIVE.has(one))
  return expression.split(' AND ').every(one => PERMISSIVE.has(one))
}

function readJson(path: string) {
  return JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'))
}

/** What `npm ci --omit=dev` installs: each package, and what it says of its licence. */
function runtimePackages(): { name: string; licence: unknown }[] {
  const { packages } = readJson('package-lock.json')
  return Object.keys(packages)
    .filter(folder => folder !== '' && packages[folder].dev !== true)
    .map(folder => {
      // An optional package may be for another platform, and not be here.
      const isInstalled = existsSync(`${ROOT}${folder}/package.json`)
      const { version, license } = isInstalled ? readJson(`${folder}/package.json`) : packages[folder]
      return { name: `${folder.replace(/^.*node_modules\//, '')}@${version}`, licence: license }
    })
}

describe('the packages that the server needs to run', () => {
  it('are all under permissive licences', () => {
    const packages = runtimePackages()
    expect(packages.length).toBeGreaterThan(50)
    const others = packages
      .filter(({ licence }) => !isPermissive(licence))
      .map(({ name, licence }) => `${name}: ${JSON.stringify(licence) ?? 'no licence'}`)
    expect(others, 'a package under any other licence must not be among the runtime dependencies').toEqual([])
  })

  it('have their licences beside the bundle that holds their code', () => {
    const notices = readFileSync(`${ROOT}dist/bundle/NOTICES.txt`, 'utf8').split(/^## /m).slice(1)
    const told = notices.map(notice => notice.split(' ', 1)[0])
    expect(told).toEqual(expect.arrayContaining([expect.stringMatching(/^undici@/)]))
    const installed = runtimePackages().map(({ name }) => name)
    expect(
      told.filter(name => !installed.includes(name ?? '')),
      'not a runtime dependency',
    ).toEqual([])
    const silent = notices.filter(
      notice => !/permission|apache license|redistribution|is at \S+/i.test(notice),
    )
    expect(silent.map(notice => notice.split('\n', 1)[0])).toEqual([])
  })

  it('are all that src imports', () => {
    const { dependencies } = readJson('package.json')
    const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
    const imported = sources
      .filter(path => path.endsWith('.ts'))
      .flatMap(path => [
        ...readFileSync(`${ROOT}src/${path}`, 'utf8').matchAll(
          /(?:\bfrom |\bimport |\bimport\(|\brequire\()'((?:@[\w.-]+\/)?[\w.-]+)[^']*'/g,
        ),
      ])
      .map(([, name = '']) => name)
      .filter(name => !name.startsWith('.') && name !== 'node')
    expect([...new Set(imported)].toSorted()).toEqual(Object.keys(dependencies).toSorted())
  })
})

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['Apache-2.0 AND MIT', true],
  ['Elastic-2.0', false],
  ['MIT AND Elastic-2.0', false],
  ['(MIT AND Elastic-2.0)', false],
  ['BUSL-1.1', false],
  ['SSPL-1.0', false],
  ['AGPL-3.0-or-later', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['', false],
  [undefined, false],
])('the licence %j is permissive: %j', (licence, expected) => {
  expect(isPermissive(licence)).toBe(expected)
})
