import { isDeepStrictEqual } from 'node:util'
import { CASES, type CaseName } from './cases.ts'
import { countEvidence, findMissingEvidence } from './check-evidence.ts'
import type { Content, Dialect } from './dialects/dialect.ts'
import { connect, type HttpRequest, toRequestBytes } from './harness/http-connection.ts'
import type { Issuer } from './harness/issuer.ts'
import type { Exchange, Script } from './harness/load.ts'
import type { RunningSubject } from './harness/running-subject.ts'
import type { Upstream } from './harness/start-upstream.ts'
import { toUserId } from './harness/users.ts'

/** A case that is ready for one subject. Each response was checked once. */
export interface PreparedCase {
  readonly scripts: readonly Script[]
  readonly requestsPerOperation: number
}

export interface PrepareOptions {
  readonly subjectName: string
  readonly running: RunningSubject
  readonly dialect: Dialect
  readonly caseName: CaseName
  readonly load: LoadShape
  readonly tokens: readonly string[]
  readonly upstream: Upstream
  /** The responses of the other subjects. The first subject leaves its own here. */
  readonly agreed: AgreedAnswers
}

/** The requests of a load. */
export interface LoadShape {
  readonly connections: number
  /** The operations that each connection repeats. Each is about other users. */
  readonly operations: number
  /** `true` if all of them are about one and the same user. */
  readonly isOneUser: boolean
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
 * @throws if a response is an error, differs from another subject's, took other upstream calls than the case allows, or
 * left no evidence of a duty
 */
export async function prepareCase(options: PrepareOptions): Promise<PreparedCase | null> {
  const { subjectName, running, dialect, caseName, load, tokens, upstream, agreed } = options
  const { connections, operations, isOneUser } = load
  const { users, calls } = CASES[caseName]
  const scripts: Exchange[][] = []
  let requestsPerOperation = 1
  const connection = await connect(running.url)
  await upstream.takeCounts()
  const evidence = await countEvidence(running)
  try {
    for (let index = 0; index < connections; index++) {
      const script: Exchange[] = []
      for (let turn = 0; turn < operations; turn++) {
        const requests = toRequests(index, isOneUser ? 0 : (index * operations + turn) * users)
        if (requests === null) return null
        requestsPerOperation = requests.length
        for (const request of requests) script.push(await toExchange(request))
      }
      scripts.push(script)
    }
  } finally {
    connection.close()
  }
  const [first = []] = scripts
  compare(first.slice(0, requestsPerOperation).map(({ expected }) => JSON.parse(expected.toString())))
  const made = connections * operations
  checkCalls(await upstream.takeCounts())
  const missing = await findMissingEvidence(running, evidence, {
    requests: made * requestsPerOperation,
    changes: 'set-mfa-status' in calls ? made : 0,
  })
  if (missing !== null) refuse(missing)
  return { scripts, requestsPerOperation }

  function toRequests(index: number, firstSerial: number): readonly HttpRequest[] | null {
    const userIds = Array.from({ length: users }, (_, place) => toUserId(firstSerial + place))
    return dialect.toRequests({ caseName, userIds, token: tokens[index % tokens.length] ?? '' })
  }

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
      Object.entries(calls).map(([endpoint, count]) => [endpoint, count * made]),
    )
    if (!isDeepStrictEqual(counts, expected)) {
      refuse(`made the calls ${JSON.stringify(counts)} instead of ${JSON.stringify(expected)}`)
    }
  }

  function refuse(what: string): never {
    throw new Error(`No comparison: ${subjectName}, case ${caseName}, ${what}`)
  }
}
