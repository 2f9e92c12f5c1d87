import type { Bench } from '../bench.ts'
import type { CaseName } from '../cases.ts'
import { ask, type HttpAnswer } from '../harness/http-connection.ts'
import { TOKEN_FLAWS } from '../harness/issuer.ts'
import type { RunningSubject } from '../harness/running-subject.ts'
import { toUserId } from '../harness/users.ts'
import { SUBJECTS, type SubjectName } from '../subjects.ts'

/** A subject that has proven all duties. */
export interface DutiesRow {
  readonly subject: SubjectName
  /** The requests that it refused, as it should. */
  readonly refused: readonly string[]
}

const CASE_OF_KIND = { reads: 'user-mfa', writes: 'set-with-token', weakenings: 'set-with-token' } as const
const KINDS = ['reads', 'writes', 'weakenings'] as const
const LIMIT = 2
const FEW = { connections: 2, operations: 2 }

/**
 * Checks that the subjects with duties do all of them: they verify tokens, check scopes, count limits, log, measure, and
 * keep records.
 *
 * @throws if one neglects a duty
 */
export async function checkDuties(bench: Bench): Promise<DutiesRow[]> {
  const rows: DutiesRow[] = []
  for (const subject of bench.options.subjects) {
    if (!SUBJECTS[subject].hasDuties) continue
    const refused = [...(await checkTokens(bench, subject))]
    for (const kind of KINDS) refused.push(await checkLimit(bench, subject, kind))
    rows.push({ subject, refused })
  }
  return rows
}

async function checkTokens(bench: Bench, subject: SubjectName): Promise<string[]> {
  const { issuer, upstream } = bench.surroundings
  await using running = await SUBJECTS[subject].start(bench.surroundings)
  for (const caseName of ['set-with-token', 'user-mfa'] as const) {
    await bench.prepare(subject, caseName, running, FEW)
  }
  const refused: string[] = []
  const tokens = new Map<string, string>([['no token', '']])
  for (const flaw of TOKEN_FLAWS) tokens.set(flaw, await issuer.mint('a-caller', flaw))
  for (const [what, token] of tokens) {
    for (const caseName of ['set-with-token', 'user-mfa'] as const) {
      const answer = await send(running, subject, caseName, token)
      if (!isRefusal(subject, caseName, answer)) neglect(subject, `answers ${caseName} with ${what}`)
      refused.push(`${caseName} with ${what}`)
    }
  }
  const { 'get-management-token': _token, ...calls } = await upstream.takeCounts()
  if (Object.keys(calls).length > 0) neglect(subject, `made calls for callers without a right`)
  return refused
}

async function checkLimit(bench: Bench, subject: SubjectName, kind: (typeof KINDS)[number]): Promise<string> {
  const limits = { reads: 1_000, writes: 1_000, weakenings: 1_000, misses: 1_000, [kind]: LIMIT }
  const RATE_LIMITS = Object.entries(limits)
    .map(([name, limit]) => `${name}=${limit}`)
    .join(',')
  await using running = await SUBJECTS[subject].start(bench.surroundings, { env: { RATE_LIMITS } })
  const { [kind]: caseName } = CASE_OF_KIND
  const [token = '', otherToken = ''] = bench.tokens
  const isRefused = async (caller: string) =>
    isRefusal(subject, caseName, await send(running, subject, caseName, caller))
  for (let turn = 0; turn < LIMIT; turn++) {
    if (await isRefused(token)) neglect(subject, `refuses ${caseName} within the limit of ${kind}`)
  }
  if (!(await isRefused(token))) neglect(subject, `answers ${caseName} above the limit of ${kind}`)
  if (await isRefused(otherToken)) neglect(subject, `limits callers together (${kind})`)
  return `${caseName} above ${kind}`
}

function send(
  { url }: RunningSubject,
  subject: SubjectName,
  caseName: CaseName,
  token: string,
): Promise<HttpAnswer> {
  const operation = { caseName, userIds: [toUserId(1)], token }
  const [request] = SUBJECTS[subject].dialect.toRequests(operation) ?? []
  if (request === undefined) throw new Error(`${subject} has no request for ${caseName}`)
  const { authorization: _none, ...headers } = request.headers ?? {}
  return ask(url, token === '' ? { ...request, headers } : request)
}

function isRefusal(subject: SubjectName, caseName: CaseName, { status, body }: HttpAnswer): boolean {
  if (status !== 200) return true
  try {
    SUBJECTS[subject].dialect.readContent(caseName, [JSON.parse(body.toString())])
    return false
  } catch {
    return true
  }
}

function neglect(subject: SubjectName, what: string): never {
  throw new Error(`No comparison: ${subject} ${what}`)
}
