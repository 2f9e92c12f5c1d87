import { readFileSync } from 'node:fs'
import { toPackageFile } from './package-file.ts'

/** Returns the version in package.json. */
export function readPackageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(toPackageFile('package.json'), 'utf8'))
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return 'unknown'
  return String(manifest.version)
}
