import type { Logger } from 'pino'
import { fail, type Result, under } from '../mfa/failure.ts'
import type { MfaUpstream } from '../mfa/upstream.ts'
import type { Credentials } from './credentials.ts'
import { createExchange } from './exchange.ts'
import { getGlobalMfaSettings } from './global-mfa-settings.ts'
import { getMfaStatus, setMfaStatus } from './mfa-status.ts'
import { createSignatureCredentials } from './signature-credentials.ts'
import { createTokenCredentials } from './token-credentials.ts'
import { createTransport, type Transport } from './transport.ts'
import { getUserMfaInfo } from './user-mfa-info.ts'
import { findUserIds } from './users.ts'

/** Where GenAuth is and how it wants to be spoken to. Each field is one `GENAUTH_` variable. */
export interface GenAuthClientOptions {
  /** Base URL; may sit below a path. */
  readonly url: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly auth: 'token' | 'signature'
  /** Null: the pool that the token names. */
  readonly userPoolId: string | null
  readonly headerPrefix: string
  readonly signatureScheme: string
  readonly lang: string
  readonly tenant: { readonly id: string; readonly header: string } | null
  /** For one call, whatever it takes: the wait for a token and a repeat included. */
  readonly timeoutMs: number
  readonly log: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface GenAuthClient extends MfaUpstream {
  close(): Promise<void>
}

/** The upstream of the product, spoken to over the GenAuth Management V3 REST API. */
export function createGenAuthClient(options: GenAuthClientOptions): GenAuthClient {
  const { headerPrefix, lang, tenant, timeoutMs, log } = options
  const transport = createTransport(options.url)
  const exchange = createExchange({
    transport,
    credentials: createCredentials(options, transport),
    headers: {
      'user-agent': 'genauth-graphql',
      [`${headerPrefix}lang`]: lang,
      ...(tenant === null ? {} : { [tenant.header]: tenant.id }),
    },
    timeoutMs,
    log,
  })

  return {
    readMfa: user => blamingUserId(getMfaStatus(exchange, user)),
    writeMfa: (user, state, mfaToken) => setMfaStatus(exchange, user, state, mfaToken),
    readBindings: user => blamingUserId(getUserMfaInfo(exchange, user)),
    readGlobalFactors: () => getGlobalMfaSettings(exchange),
    findUserIds: users => findUserIds(exchange, users),
    close: () => transport.close(),
  }
}

function createCredentials(options: GenAuthClientOptions, transport: Transport): Credentials {
  const { now } = options
  switch (options.auth) {
    case 'token':
      return createTokenCredentials({ ...options, transport, now })
    case 'signature':
      return createSignatureCredentials({ ...options, scheme: options.signatureScheme, now })
  }
}

/** A call that sends nothing but an identifier can be malformed in nothing else. */
async function blamingUserId<T>(result: Promise<Result<T>>): Promise<Result<T>> {
  const settled = await result
  return settled.ok ? settled : fail(under(['userId'], settled.failure))
}
