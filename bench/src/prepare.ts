import { isDeepStrictEqual } from 'node:util'
import { CASES, type CaseName } from './cases.ts'
import type { Content, Dialect } from './dialects/dialect.ts'
import { connect, type HttpRequest, toRequestBytes } from './harness/http-connection.ts'
import type { Issuer } from './harness/issuer.ts'
import type { Exchange, Script } from './harness/load.ts'
import type { Upstream } from './harness/start-upstream.ts'
import { toUserId } from './harness/users.ts'

/** A case that is ready for one subject. Each connection has its own users, and each response was checked once. */
export interface PreparedCase {
  readonly scripts: readonly Script[]
  readonly requestsPerOperation: number
}

export interface PrepareOptions {
  readonly subjectName: string
  readonly url: string
  readonly dialect: Dialect
  readonly caseName: CaseName
  readonly connections: number
  readonly tokens: readonly string[]
  readonly upstream: Upstream
  /** The responses of the other subjects. The first subject leaves its own here. */
  readonly agreed: AgreedAnswers
}

/** The responses that all subjects share: their content, and word by word among those of one dialect. */
export interface AgreedAnswers {
  readonly contents: Map<CaseName, Content>
  readonly wordings: Map<Dialect, Map<CaseName, unknown>>
}

const CALLERS = 16

/** Creates tokens of several callers, so that no subject gains from knowing a single one. */
export function mintTokens(issuer: Issuer): Promise<string[]> {
  return Promise.all(Array.from({ length: CALLERS }, (_, index) => issuer.mint(`caller-${index}`)))
}

/**
 * Returns `null` if the subject cannot answer the case at all.
 *
 * @throws if a response is an error, differs from another subject's, or took other upstream calls than the case allows
 */
export async function prepareCase(options: PrepareOptions): Promise<PreparedCase | null> {
  const { subjectName, url, dialect, caseName, connections, tokens, upstream, agreed } = options
  const scripts: Exchange[][] = []
  let requestsPerOperation = 1
  const connection = await connect(url)
  await upstream.takeCounts()
  try {
    for (let index = 0; index < connections; index++) {
      const { users } = CASES[caseName]
      const userIds = Array.from({ length: users }, (_, place) => toUserId(index * users + place))
      const token = tokens[index % tokens.length] ?? ''
      const requests = dialect.toRequests({ caseName, userIds, token })
      if (requests === null) return null
      requestsPerOperation = requests.length
      const script: Exchange[] = []
      for (const request of requests) script.push(await toExchange(request))
      scripts.push(script)
      if (index === 0) compare(script.map(({ expected }) => JSON.parse(expected.toString())))
    }
  } finally {
    connection.close()
  }
  checkCalls(await upstream.takeCounts())
  return { scripts, requestsPerOperation }

  async function toExchange(request: HttpRequest): Promise<Exchange> {
    const bytes = toRequestBytes(request)
    const { status, body } = await connection.send(bytes)
    if (status !== 200) refuse(`answers with status ${status}: ${body.toString().slice(0, 500)}`)
    return { request: bytes, expected: Buffer.from(body) }
  }

  function compare(answers: readonly unknown[]): void {
    const content = read(answers)
    const other = agreed.contents.get(caseName) ?? content
    if (!isDeepStrictEqual(content, other)) {
      refuse(`says ${JSON.stringify(content)} where others say ${JSON.stringify(other)}`)
    }
    agreed.contents.set(caseName, content)

    const wordings = agreed.wordings.get(dialect) ?? new Map<CaseName, unknown>()
    const wording = wordings.get(caseName) ?? answers
    if (!isDeepStrictEqual(answers, wording)) {
      refuse(`answers ${JSON.stringify(answers)} where others answer ${JSON.stringify(wording)}`)
    }
    agreed.wordings.set(dialect, wordings.set(caseName, wording))
  }

  function read(answers: readonly unknown[]): Content {
    try {
      return dialect.readContent(caseName, answers)
    } catch {
      return refuse(`gives no answer: ${JSON.stringify(answers).slice(0, 500)}`)
    }
  }

  function checkCalls({ 'get-management-token': _token, ...counts }: Readonly<Record<string, number>>): void {
    const expected = Object.fromEntries(
      Object.entries(CASES[caseName].calls).map(([endpoint, count]) => [endpoint, count * connections]),
    )
    if (!isDeepStrictEqual(counts, expected)) {
      refuse(`made the calls ${JSON.stringify(counts)} instead of ${JSON.stringify(expected)}`)
    }
  }

  function refuse(what: string): never {
    throw new Error(`No comparison: ${subjectName}, case ${caseName}, ${what}`)
  }
}
