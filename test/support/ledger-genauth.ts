import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from './app.ts'

/** A GenAuth that keeps a book of the writes that it has carried out. */
export interface LedgerGenAuth extends AsyncDisposable {
  readonly url: string
  /** The users whose state was written, in order. */
  readonly writes: readonly string[]
  /**
   * Counts writes that changed more than one factor. If every write means one factor, these undid a change that they
   * had not seen.
   */
  lostUpdates(): number
}

const BEFORE = {
  mfaToken: 'ledger-token',
  mfaPhone: null,
  totpMfaEnabled: true,
  applicationMfa: [{ mfaPolicy: 'SMS', status: 1, sort: 0 }],
}
const BOUND = {
  totpStatus: 'enabled',
  faceMfaStatus: 'enabled',
  smsMfaStatus: 'enabled',
  emailMfaStatus: 'enabled',
}
/** The time until a write is carried out, and then the time until its reply is sent. */
const DELAYS_MS = [0, 3, 8, 20]

/** Starts a GenAuth that carries out a write some time after it arrived, even if its sender is dead by then. */
export async function startLedgerGenAuth(): Promise<LedgerGenAuth> {
  const writes: string[] = []
  const states = new Map<string, Json>()
  let lostUpdates = 0
  let requests = 0
  const nextDelay = () =>
    new Promise(resolve => setTimeout(resolve, DELAYS_MS[requests++ % DELAYS_MS.length]))

  async function answer(endpoint: string, text: string, params: URLSearchParams): Promise<unknown> {
    if (endpoint === 'get-mfa-status') return states.get(params.get('userId') ?? '') ?? BEFORE
    if (endpoint === 'get-user-mfa-info') return BOUND
    if (endpoint === 'get-global-mfa-settings') return { enabledFactors: ['SMS', 'EMAIL', 'OTP', 'FACE'] }
    if (endpoint !== 'set-mfa-status') throw new Error(`Not asked for here: ${endpoint}`)
    const { userId, mfaTriggerData } = JSON.parse(text)
    await nextDelay()
    if (countChanges(states.get(userId) ?? BEFORE, mfaTriggerData) > 1) lostUpdates++
    states.set(userId, mfaTriggerData)
    writes.push(userId)
    await nextDelay()
    return { success: true }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const endpoint = url.pathname.replace('/api/v3/', '')
      const data = await answer(endpoint, Buffer.concat(chunks).toString(), url.searchParams)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ statusCode: 200, message: '', data }))
    } catch {
      // The sender died in the middle of its request.
      response.destroy()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    lostUpdates: () => lostUpdates,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function countChanges(before: Json, after: Json): number {
  const [were, are] = [toCodesSwitchedOn(before), toCodesSwitchedOn(after)]
  return [...were].filter(code => !are.has(code)).length + [...are].filter(code => !were.has(code)).length
}

function toCodesSwitchedOn({ applicationMfa }: Json): Set<string> {
  const factors: Json[] = applicationMfa.filter(({ status }: Json) => status === 1)
  return new Set(factors.map(({ mfaPolicy }) => mfaPolicy))
}
