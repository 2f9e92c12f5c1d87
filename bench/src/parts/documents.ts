import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { toGraphqlRequest } from '../dialects/layer.ts'
import { connect, toRequestBytes } from '../harness/http-connection.ts'
import { readRssBytes } from '../harness/process-usage.ts'
import { SUBJECTS } from '../subjects.ts'
import { measureRound } from './measure-round.ts'

export interface DocumentsResult {
  readonly documents: number
  /** The size of one request's body. */
  readonly bodyBytes: number
  /** Measured after a usual load. */
  readonly rssBeforeBytes: number
  readonly rssGreatestBytes: number
  readonly rssAfterBytes: number
}

const DOCUMENTS = 10_000
const QUICK_DOCUMENTS = 1_000
const CONNECTIONS = 8
/** The server's limits: bytes of a body, tokens of a document. */
const MAX_BODY_BYTES = 64 * 1024
const MAX_TOKENS = 1_000
const SETTLE_MS = 2_000
/** Its documents are refused as soon as they have been checked, which counts against the caller. */
const ANY_REFUSALS = { REFUSED_REQUESTS_PER_MINUTE: 'off' }

/** Measures how much this server remembers for a caller who sends only documents that nobody has sent before. */
export async function measureDocuments(bench: Bench): Promise<DocumentsResult> {
  const { isQuick, warmUp } = bench.options
  const token = bench.tokens[0] ?? ''
  await using running = await SUBJECTS.server.start(bench.surroundings, { env: ANY_REFUSALS })
  const { pid, url } = running
  const prepared = await bench.prepare('server', 'user-mfa', running)
  if (prepared === null) throw new Error('The server answers userMfa')
  await measureRound({ pid, url, ...prepared, extent: warmUp })
  const rssBeforeBytes = readRssBytes(pid)

  const documents = isQuick ? QUICK_DOCUMENTS : DOCUMENTS
  let serial = 0
  let rssGreatestBytes = rssBeforeBytes
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = await connect(url)
      while (serial < documents) {
        const { status, body } = await connection.send(toRequestBytes(toLargest(token, serial++)))
        if (status !== 200) throw new Error(`A document was refused: ${body.toString().slice(0, 500)}`)
        rssGreatestBytes = Math.max(rssGreatestBytes, readRssBytes(pid))
      }
      connection.close()
    }),
  )
  await sleep(SETTLE_MS)
  const rssAfterBytes = readRssBytes(pid)
  return { documents, bodyBytes: MAX_BODY_BYTES, rssBeforeBytes, rssGreatestBytes, rssAfterBytes }
}

/**
 * Returns a document with as many tokens and bytes as are allowed. It names too many users, so that GenAuth is not
 * called.
 */
function toLargest(token: string, serial: number) {
  const user = '{userId:"x"}'
  const users = user.repeat(Math.floor((MAX_TOKENS - 25) / 5))
  const document = `query Q${serial} { usersMfa(users: [${users}]) { __typename } } #`
  const bare = toGraphqlRequest(token, document, {})
  const padding = MAX_BODY_BYTES - Buffer.byteLength(bare.body ?? '')
  return toGraphqlRequest(token, document + '~'.repeat(padding), {})
}
