import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** One file of the page, in the encoding in which it is sent. */
export interface PageAsset {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The encodings of each file, the smaller one first. */
const CODINGS = ['br', 'gzip'] as const

type Coding = (typeof CODINGS)[number]

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  ttf: 'font/ttf',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
}

/**
 * Serves the files of one folder. Each is stored compressed by Brotli and by gzip. Its name holds a hash of its
 * content, so that a browser may keep a file permanently. All of them are read now, so that a page and its files stay
 * of one build while the folder is built again.
 *
 * @throws the error of reading a file, such as `ENOENT` if the pages have not been built
 */
export function createPageAssets(folder: URL) {
  const stored = readStored(folder)

  /** Returns the file of that name in an encoding that the client accepts, or `null` if there is no such file. */
  return async (name: string, acceptEncoding: string | undefined): Promise<PageAsset | null> => {
    const file = stored.get(name)
    if (file === undefined) return null
    const type = MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    }
    const coding = CODINGS.find(known => isAccepted(known, acceptEncoding))
    return coding === undefined
      ? { headers, body: await promisify(gunzip)(file.gzip) }
      : { headers: { ...headers, 'content-encoding': coding }, body: file[coding] }
  }
}

/** Returns the files by their names, without the endings of the encodings. */
function readStored(folder: URL): ReadonlyMap<string, Readonly<Record<Coding, Buffer>>> {
  const read = (file: string) => readFileSync(new URL(file, folder))
  const names = readdirSync(folder).flatMap(file =>
    file.endsWith('.gz') ? [file.slice(0, -'.gz'.length)] : [],
  )
  return new Map(names.map(name => [name, { br: read(`${name}.br`), gzip: read(`${name}.gz`) }]))
}

/** Returns `true` if `Accept-Encoding` names a coding (RFC 9110, section 12.5.3). A weight of 0 refuses it. */
function isAccepted(coding: Coding, acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some(element => {
    const [name = '', weight = ''] = element.split(';')
    return name.trim().toLowerCase() === coding && !/^\s*q=0(?:\.0*)?\s*$/i.test(weight)
  })
}
