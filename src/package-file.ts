import { existsSync } from 'node:fs'

/**
 * Returns the URL of a file or folder of this package. The caller may be a source, a built module or a part of the
 * bundle.
 *
 * @param path relative to package.json
 */
export function toPackageFile(path: string): URL {
  return new URL(path, ROOT)
}

const ROOT = findRoot(new URL('.', import.meta.url))

function findRoot(folder: URL): URL {
  const parent = new URL('..', folder)
  const isRoot = existsSync(new URL('package.json', folder)) || parent.href === folder.href
  return isRoot ? folder : findRoot(parent)
}
