import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** One file of the page, in the encoding in which it is sent. */
export interface PageAsset {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The encodings of each file, the smaller one first. */
const CODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  ttf: 'font/ttf',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
}

/**
 * Serves the files of one folder. Each is stored compressed by Brotli and by gzip. Its name holds a hash of its
 * content, so that a browser may keep a file permanently. Only names that the folder holds are read.
 *
 * @throws the error of reading the folder, such as `ENOENT` if the pages have not been built
 */
export function createPageAssets(folder: URL) {
  const names = new Set(
    readdirSync(folder)
      .filter(file => file.endsWith('.gz'))
      .map(file => file.slice(0, -'.gz'.length)),
  )

  /** Returns the file of that name in an encoding that the client accepts, or `null` if there is no such file. */
  return async (name: string, acceptEncoding: string | undefined): Promise<PageAsset | null> => {
    if (!names.has(name)) return null
    const type = MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    }
    const coding = CODINGS.find(known => isAccepted(known.name, acceptEncoding))
    const body = await readFile(new URL(`${name}${coding?.ending ?? '.gz'}`, folder))
    return coding === undefined
      ? { headers, body: await promisify(gunzip)(body) }
      : { headers: { ...headers, 'content-encoding': coding.name }, body }
  }
}

/** Returns `true` if `Accept-Encoding` names a coding (RFC 9110, section 12.5.3). A weight of 0 refuses it. */
function isAccepted(coding: string, acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some(element => {
    const [name = '', weight = ''] = element.split(';')
    return name.trim().toLowerCase() === coding && !/^\s*q=0(?:\.0*)?\s*$/i.test(weight)
  })
}
