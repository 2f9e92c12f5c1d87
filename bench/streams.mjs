// Opens many subscriptions at one server, and looks at their memory, the cost of an event, and their ends.
//
//   npm run build && node bench/streams.mjs [--streams 1000] [--events 50] [--tokens 10]
//
// Each event is a change of a user, which every stream is told of. Its cost is the CPU time of the server, less that
// of the same changes before there were streams. Afterwards some streams with a token of three seconds are opened, and
// the server gets a SIGTERM. Exit code 1 means that a promise was broken:
// - an event was lost or came twice,
// - a stream was cut off,
// - a stream ended more than a second before or after its token.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { BUILT_SERVER, percentile, readOptions, startServer } from './stand.mjs'
import { print } from './support/print.mjs'

const options = readOptions({ streams: 1_000, events: 50, tokens: 10, server: BUILT_SERVER })
const AUDIENCE = 'bench'
const TOKEN_S = 3
/** The kernel counts CPU time in hundredths of a second. */
const TICKS_PER_S = 100
const SETTLE_MS = 3_000
const PATIENCE_MS = 60_000
const OPEN_TOGETHER = 50
const SUBSCRIBE = 'subscription { userMfaChanged { hint revision user { id } } }'
const SET =
  'mutation ($id: String!) { setUserMfaStatus(input: { userId: $id, enable: [EMAIL] }) { __typename } }'

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

/** A GenAuth whose state never changes, so that every change is made, and an issuer of tokens. */
async function startUpstream() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }
  const sign = claims => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k' }).setIssuedAt()
  const managementToken = await sign({ scoped_userpool_id: 'pool' }).sign(privateKey)
  const replies = {
    'get-management-token': { access_token: managementToken, expires_in: 7_200 },
    'get-mfa-status': { mfaToken: 't', applicationMfa: [{ mfaPolicy: 'SMS', status: 1, sort: 0 }] },
    'set-mfa-status': { success: true },
  }
  const server = createServer((asked, response) => {
    asked.resume()
    const endpoint = asked.url.replace(/^\/api\/v3\//, '').replace(/\?.*/, '')
    if (asked.url === '/jwks') response.end(JSON.stringify({ keys: [jwk] }))
    else response.end(JSON.stringify({ statusCode: 200, message: '', data: replies[endpoint] }))
  })
  server.keepAliveTimeout = 60_000
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  return {
    url,
    audience: AUDIENCE,
    token: (subject, lifetimeS) =>
      sign({ scope: 'mfa:read mfa:write mfa:report' })
        .setIssuer(url)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setExpirationTime(Math.floor(Date.now() / 1_000) + lifetimeS)
        .sign(privateKey),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function post(url, token, accept, body) {
  const headers = { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return request(`${url}/graphql`, { method: 'POST', headers, agent }).end(JSON.stringify(body))
}

/** Opens a stream, and resolves when its first bytes are there. */
async function openStream(url, token) {
  const [response] = await once(post(url, token, 'text/event-stream', { query: SUBSCRIBE }), 'response')
  const stream = {
    status: response.statusCode,
    events: 0,
    ids: [],
    isComplete: false,
    lastAtMs: 0,
    ended: null,
  }
  let rest = ''
  stream.ended = new Promise(resolve => response.once('close', resolve))
  const began = once(response, 'data')
  response.setEncoding('utf8').on('error', () => {})
  response.on('data', chunk => {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()
    for (const block of blocks) {
      if (block.startsWith('event: complete')) stream.isComplete = true
      if (!block.startsWith('event: next')) continue
      stream.events++
      stream.ids.push(JSON.parse(block.slice(block.indexOf('{'))).data.userMfaChanged.user.id)
      stream.lastAtMs = performance.now()
    }
  })
  await began
  return stream
}

async function openStreams(url, token, count) {
  const streams = []
  while (streams.length < count) {
    const together = Math.min(OPEN_TOGETHER, count - streams.length)
    streams.push(...(await Promise.all(Array.from({ length: together }, () => openStream(url, token)))))
  }
  return streams
}

/** Changes users one after another. Returns their ids, and when the last change was answered. */
async function change(url, token, count, first) {
  const ids = Array.from({ length: count }, (_, n) => (first + n).toString(16).padStart(24, '0'))
  let answeredAtMs = 0
  for (const id of ids) {
    const [response] = await once(
      post(url, token, 'application/json', { query: SET, variables: { id } }),
      'response',
    )
    let text = ''
    for await (const chunk of response) text += chunk
    if (!text.includes('SetUserMfaStatusSuccess')) throw new Error(`A change failed: ${text}`)
    answeredAtMs = performance.now()
  }
  return { ids, answeredAtMs }
}

function cpuMs({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_S
}

function rssKb({ pid }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

async function until(isSo) {
  for (let waitedMs = 0; !isSo() && waitedMs < PATIENCE_MS; waitedMs += 20) await sleep(20)
  return isSo()
}

const broken = []
const mustBe = (isSo, what) => isSo || broken.push(what)
const upstream = await startUpstream()
const most = String(options.streams + options.tokens)
const server = await startServer(upstream, {
  script: options.server,
  env: { STREAMS_PER_CALLER: most, STREAMS_PER_PROCESS: most },
})
const { url, child } = server
const token = await upstream.token('caller', 7_200)

// The server is warm before anything is measured.
await change(url, token, 300, 0x100000)
await sleep(SETTLE_MS)
const cpuBefore = cpuMs(child)
await change(url, token, options.events, 0x200000)
const cpuOfChanges = cpuMs(child) - cpuBefore
const rssBefore = rssKb(child)

const streams = await openStreams(url, token, options.streams)
mustBe(
  streams.every(({ status }) => status === 200),
  'a stream was refused',
)
await sleep(SETTLE_MS)
const rssOpen = rssKb(child)
const idleBefore = cpuMs(child)
await sleep(SETTLE_MS)
const cpuIdle = (cpuMs(child) - idleBefore) / (SETTLE_MS / 1_000)

const cpuOpen = cpuMs(child)
const { ids, answeredAtMs } = await change(url, token, options.events, 0x300000)
await until(() => streams.every(({ events }) => events >= options.events))
const cpuOfEvents = cpuMs(child) - cpuOpen - cpuOfChanges
mustBe(
  streams.every(stream => stream.ids.join() === ids.join()),
  'a stream lacks an event, has one twice, or has them in another order',
)
const behindMs = streams.map(({ lastAtMs }) => lastAtMs - answeredAtMs)

const lives = await Promise.all(
  Array.from({ length: options.tokens }, async (_, n) => {
    const short = await upstream.token(`short-${n}`, TOKEN_S)
    const expiresAtMs = JSON.parse(Buffer.from(short.split('.')[1], 'base64url')).exp * 1_000
    const stream = await openStream(url, short)
    await until(() => stream.isComplete)
    return { isComplete: stream.isComplete, lateMs: Date.now() - expiresAtMs }
  }),
)
mustBe(
  lives.every(({ isComplete, lateMs }) => isComplete && Math.abs(lateMs) < 1_000),
  'a stream did not end with its token',
)

const signalledAtMs = performance.now()
child.kill('SIGTERM')
await Promise.all(streams.map(({ ended }) => ended))
const endedMs = performance.now() - signalledAtMs
const [code] = await server.exited
mustBe(
  streams.every(({ isComplete }) => isComplete),
  'a stream was cut off at the stop',
)
mustBe(code === 0, `the server ended with ${code}`)
await server.stop()
upstream.close()
agent.destroy()

print({
  streams: streams.length,
  'memory per stream': `${((rssOpen - rssBefore) / streams.length).toFixed(1)} KB resident`,
  'CPU of all open streams, idle': `${cpuIdle.toFixed(1)} ms a second`,
  'CPU of an event': `${(cpuOfEvents / (streams.length * options.events)).toFixed(3)} ms for each stream (${options.events} events)`,
  'CPU of a change': `${(cpuOfChanges / options.events).toFixed(2)} ms without streams`,
  'last stream told after the response to the change': `median ${percentile(behindMs, 0.5).toFixed(0)} ms, most ${Math.max(...behindMs).toFixed(0)} ms`,
  'stream ends after the end of its token': `${Math.min(...lives.map(({ lateMs }) => lateMs))} to ${Math.max(...lives.map(({ lateMs }) => lateMs))} ms`,
  'streams completed at the stop': `${streams.filter(({ isComplete }) => isComplete).length} in ${endedMs.toFixed(0)} ms, exit code ${code}`,
  'broken promises': broken,
})
if (broken.length > 0) process.exitCode = 1
