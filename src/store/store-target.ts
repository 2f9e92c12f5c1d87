import { fileURLToPath } from 'node:url'

/** A file of this machine, which belongs to this process alone. */
export interface StoreFileTarget {
  readonly kind: 'file'
  /** An absolute path. */
  readonly path: string
}

/** A PostgreSQL database, which several replicas may share. */
export interface StorePostgresTarget {
  readonly kind: 'postgres'
  readonly host: string
  readonly port: number
  readonly user: string
  /** `null` if the server asks for none. */
  readonly password: string | null
  readonly database: string
  /** `true` if the connection is encrypted, and the server's certificate and name are verified. */
  readonly isVerified: boolean
}

export type StoreTarget = StoreFileTarget | StorePostgresTarget

/** A file that is removed when the process ends in peace. */
export interface TemporaryStoreTarget {
  readonly kind: 'temporary'
}

export type ParsedStoreUrl =
  | { readonly ok: true; readonly target: StoreTarget }
  /** The rule that the text breaks, which begins with `must`. */
  | { readonly ok: false; readonly rule: string }

const DEFAULT_PORT = 5_432
const FILE_RULE = 'must be file: and the absolute path of a file, for example file:/var/lib/store.db'
const POSTGRES_RULE =
  'must be postgres://user:password@host:port/database, with nothing behind it but ?sslmode=verify-full or ?sslmode=disable'

/**
 * Reads `file:/path/store.db` or `postgres://user:password@host/database`. A relative path is refused, because a URL
 * would silently read it from the root.
 */
export function parseStoreUrl(text: string): ParsedStoreUrl {
  if (/^file:/i.test(text)) return parseFileUrl(text)
  if (/^postgres(ql)?:/i.test(text)) return parsePostgresUrl(text)
  return { ok: false, rule: 'must be a file: or postgres:// URL' }
}

function parseFileUrl(text: string): ParsedStoreUrl {
  const refused = { ok: false, rule: FILE_RULE } as const
  if (!/^file:(\/\/)?\/[^/?#\\]/i.test(text) || !URL.canParse(text)) return refused
  const { search, hash, href } = new URL(text)
  if (search + hash !== '' || /\/$|%(2f|5c|00)/i.test(href)) return refused
  try {
    return { ok: true, target: { kind: 'file', path: fileURLToPath(href) } }
  } catch {
    return refused
  }
}

function parsePostgresUrl(text: string): ParsedStoreUrl {
  const refused = { ok: false, rule: POSTGRES_RULE } as const
  if (!URL.canParse(text)) return refused
  const { hostname, port, username, password, pathname, search, hash } = new URL(text)
  const isComplete = hostname !== '' && username !== '' && /^\/[^/]+$/.test(pathname)
  const isPlain = hash === '' && ['', '?sslmode=verify-full', '?sslmode=disable'].includes(search)
  if (!isComplete || !isPlain) return refused
  try {
    return {
      ok: true,
      target: {
        kind: 'postgres',
        // An IPv6 address without its brackets.
        host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'),
        port: port === '' ? DEFAULT_PORT : Number(port),
        user: decodeURIComponent(username),
        password: password === '' ? null : decodeURIComponent(password),
        database: decodeURIComponent(pathname.slice(1)),
        isVerified: search === '?sslmode=verify-full',
      },
    }
  } catch {
    return refused
  }
}
