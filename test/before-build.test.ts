import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'before-build-'))
afterAll(() => rmSync(copy, { recursive: true }))

/** Prepares a build of these files, all of them empty, and returns those of them that are left. */
function prepareBuild(files: readonly string[]): string[] {
  cpSync(join(ROOT, 'pages/before-build.cjs'), join(copy, 'pages/before-build.cjs'))
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'))
  for (const name of ['typescript', 'vite', 'rolldown'])
    mkdirSync(join(copy, 'node_modules', name), { recursive: true })
  for (const file of files) {
    mkdirSync(join(copy, dirname(file)), { recursive: true })
    writeFileSync(join(copy, file), '')
  }
  execFileSync(process.execPath, ['pages/before-build.cjs'], { cwd: copy })
  return files.filter(file => existsSync(join(copy, file)))
}

describe('before a build', () => {
  it('removes what was built from sources that are gone, and nothing else', () => {
    const kept = [
      'src/main.ts',
      'src/mfa/write.ts',
      'dist/.tsbuildinfo',
      'dist/bundle/app.js',
      'dist/main.js',
      'dist/main.js.map',
      'dist/mfa/write.js',
      'dist/pages/built-from',
      'dist/pages/graphiql/main.js',
    ]
    const stale = ['dist/edge.js', 'dist/edge.js.map', 'dist/mfa/gone.js', 'dist/audit/files/old.js']
    expect(prepareBuild([])).toEqual([])
    expect(prepareBuild([...kept, ...stale])).toEqual(kept)
    expect(existsSync(join(copy, 'dist/audit'))).toBe(false)
  })
})
