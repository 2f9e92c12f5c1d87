import type { AddressInfo } from 'node:net'
import { createHttpServer } from '../base/create-http-server.ts'
import { type AccessKeys, createAccessKeys } from './access-keys.ts'
import { createAnswerRequest } from './answer-request.ts'
import { createIssuer, type IssuerAddress } from './issuer.ts'
import { SEEDED_EXEMPT_USER_IDS } from './list-entries.ts'
import type { ListWindow } from './list-window.ts'
import { SANDBOX_PEOPLE, type SandboxPerson } from './people.ts'
import { type SandboxPipelineFunction, SEEDED_PIPELINE_FUNCTIONS } from './pipeline-functions.ts'
import { DEFAULT_POOL_SETTINGS_CALLS, type PoolSettingsCalls } from './pool-settings-calls.ts'
import { createSignatureCredentials } from './signature-credentials.ts'
import { createStore } from './store.ts'
import { createThrottle } from './throttle.ts'
import { createTokenCredentials } from './token-credentials.ts'
import { createTokens } from './tokens.ts'
import { SEEDED_USER_COUNT } from './user-count.ts'
import type { Users } from './users.ts'

/** The address is fixed, because the keys are public and the data belongs to no real person. */
const LISTEN_HOST = '127.0.0.1'

/** The secret is public, and the same at every start, so that revisions and journals of the sandbox stay readable. */
export const SANDBOX_ACCESS_KEY_SECRET = 'sandbox-access-key-secret'

export interface SandboxRequest {
  method: string
  /** The name of the call, such as `set-mfa-status`. */
  endpoint: string
  /** The query of a GET, or the body of a POST. */
  params: Readonly<Record<string, unknown>>
}

export interface SandboxOptions {
  /** 0 picks a free port. */
  port: number
  accessKeyId?: string
  accessKeySecret?: string
  userPoolId?: string
  /** From `SEEDED_USER_COUNT`, which is the default, to `MAX_USER_COUNT`. */
  userCount?: number
  /** How far pages of `list-users` reach. The default, `null`, is to the last row. */
  listWindow?: ListWindow | null
  /** The behaviour of the calls that change the pool's factors. By default one adds, and the other takes away. */
  poolSettingsCalls?: Partial<PoolSettingsCalls>
  /** The functions that run at sign-ins. By default none runs before a second factor is verified. */
  pipelineFunctions?: readonly SandboxPipelineFunction[]
  /** The users who are not asked for a second factor, by their IDs. By default that is Tim. */
  exemptUserIds?: readonly string[]
  /** The prefix of this API's own headers. The default is `x-authing-`. */
  headerPrefix?: string
  /** The limit per user pool, and there is one pool. GenAuth's free plan has 300. */
  maxRequestsPerSecond?: number
  /** The lifetime of management tokens. GenAuth's own default is 7200. */
  tokenLifetimeS?: number
  /**
   * `true` if anybody gets callers' tokens at `/sandbox/tokens`, and the key at `/sandbox/jwks`. The default is `true`.
   */
  issuesTokens?: boolean
  /** Milliseconds since 1970. */
  now?: () => number
  /**
   * Called with every readable request to a loopback name, before it is judged. Requests to the issuer are left out.
   */
  onRequest?: (request: SandboxRequest) => void
}

export type SandboxPool = Pick<
  Users,
  'add' | 'find' | 'remove' | 'setDepartments' | 'setLastLogin' | 'setMfa' | 'setStatus' | 'verifyMfa'
>

export interface Sandbox extends AsyncDisposable {
  readonly url: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** All valid keys. The one above is among them until it is revoked. */
  readonly accessKeys: AccessKeys
  readonly userPoolId: string
  /** Lets users come, go and change, as administrators do while others read. */
  readonly pool: SandboxPool
  /** The issuer of its callers' tokens. `null` if it issues none. */
  readonly issuer: IssuerAddress | null
  /** Some of its users, for people who try it. */
  readonly people: readonly SandboxPerson[]
  /** Closes the server and cuts open connections. It may be called twice. */
  close(): Promise<void>
}

/**
 * Starts a stand-in for GenAuth's Management V3 REST API: a loopback HTTP server with seeded, made-up users in memory.
 * It is not GenAuth. If the real server's behaviour is unknown, the code says "Reading" and which behaviour it assumes.
 *
 * Rejects with the system's own error, such as EADDRINUSE, if it cannot listen. Rejects with a RangeError if `userCount`
 * is out of range.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const accessKeyId = options.accessKeyId ?? 'sandbox-access-key-id'
  const accessKeySecret = options.accessKeySecret ?? SANDBOX_ACCESS_KEY_SECRET
  const userPoolId = options.userPoolId ?? '65a0000000000000000000ff'
  // Node lower-cases the names of incoming headers.
  const headerPrefix = (options.headerPrefix ?? 'x-authing-').toLowerCase()
  const now = options.now ?? Date.now
  const accessKeys = createAccessKeys(accessKeyId, accessKeySecret)
  const tokens = createTokens({ userPoolId, tokenLifetimeS: options.tokenLifetimeS ?? 7200, now })

  const store = createStore({
    userPoolId,
    userCount: options.userCount ?? SEEDED_USER_COUNT,
    listWindow: options.listWindow ?? null,
    poolSettingsCalls: { ...DEFAULT_POOL_SETTINGS_CALLS, ...options.poolSettingsCalls },
    pipelineFunctions: options.pipelineFunctions ?? SEEDED_PIPELINE_FUNCTIONS,
    exemptUserIds: options.exemptUserIds ?? SEEDED_EXEMPT_USER_IDS,
    now,
  })

  const getUrl = (): string => `http://${LISTEN_HOST}:${(server.address() as AddressInfo).port}`
  const issuer = (options.issuesTokens ?? true) ? await createIssuer({ getUrl, now }) : null
  const server = createHttpServer(
    createAnswerRequest({
      context: { store, tokens, accessKeys },
      headerPrefix,
      issuer,
      now,
      onRequest: ({ method, endpoint, params }) => options.onRequest?.({ method, endpoint, params }),
      signatureCredentials: createSignatureCredentials({ accessKeys, headerPrefix, now }),
      throttle: createThrottle(options.maxRequestsPerSecond ?? 300, now),
      tokenCredentials: createTokenCredentials({ userPoolId, headerPrefix, tokens, accessKeys }),
    }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, LISTEN_HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })

  function close(): Promise<void> {
    return new Promise(resolve => {
      // The callback's error only says that the server was closed before.
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  return {
    url: getUrl(),
    accessKeyId,
    accessKeySecret,
    accessKeys,
    userPoolId,
    pool: store.users,
    issuer: issuer?.getAddress() ?? null,
    people: SANDBOX_PEOPLE,
    close,
    [Symbol.asyncDispose]: close,
  }
}
