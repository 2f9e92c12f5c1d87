// Measures the dearest bodies of 64 KB, and the dearest replies of GenAuth of 1 MB. It prints the processor
// time of the built server, in production settings, for each of them. The kernel counts it (Linux: /proc), so
// a busy machine changes it little.
//
//   npm run build && node bench/dearest.mjs [--server dist/main.js] [--sends 5] [--only WORDS] [--part bodies|answers]
//
// `--server` takes the build of another commit, to compare with. Each body is sent a few times, and the
// median is printed.
import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { BUILT_SERVER, percentile, print, readOptions, startServer, startUpstream } from './stand.mjs'
import { startHostileGenAuth } from './support/hostile-answers.mjs'
import { BODIES, SERIAL, SETTINGS } from './support/hostile-bodies.mjs'

const options = readOptions({ server: BUILT_SERVER, sends: 5, only: '', part: '' })
/** A dearer request keeps all other callers waiting for longer than they would notice. */
const DEAR_MS = 30
const PATIENCE_MS = 60_000
const WARM_UPS = 200
/** The number of good reads between two faulty replies, so that the server keeps sending calls. */
const CALMING_READS = 10

/** Returns the milliseconds of processor time that all threads of a process have used. */
function toCpuMs(pid) {
  const threads = readdirSync(`/proc/${pid}/task`)
  const counted = threads.map(thread => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // The thread has just ended.
      return 0
    }
  })
  return counted.reduce((sum, ns) => sum + ns, 0) / 1e6
}

let serial = 0

async function ask(server, token, body) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: body.replace(SERIAL, `${++serial}`.padStart(SERIAL.length, '0')),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const text = await response.text()
  const [, code = /"__typename":"(\w+)"/.exec(text)?.[1] ?? ''] = /"code":"(\w+)"/.exec(text) ?? []
  return { status: response.status, code, bytes: text.length }
}

/** Returns the median cost of some sends of one body. */
async function measure(server, token, body, calm) {
  const costs = []
  let answer = { status: 0, code: 'no answer in a minute', bytes: 0 }
  for (let send = 0; send < options.sends; send++) {
    await calm()
    const beforeMs = toCpuMs(server.child.pid)
    const asked = await ask(server, token, body).catch(() => null)
    costs.push(toCpuMs(server.child.pid) - beforeMs)
    if (asked === null) break
    answer = asked
  }
  return { ms: percentile(costs, 0.5), ...answer }
}

async function measureAll(rows, { env, upstream, calmBody = null, prepare = () => {} }) {
  const server = await startServer(upstream, { script: options.server, env })
  const [token] = upstream.tokens
  const results = []
  try {
    const plain = JSON.stringify({ query: '{ __typename }' })
    for (let sent = 0; sent < WARM_UPS; sent++) await ask(server, token, plain)
    for (const row of rows) {
      const calm = async () => {
        for (let asked = 0; calmBody !== null && asked < CALMING_READS; asked++) {
          prepare(null)
          await ask(server, token, calmBody)
        }
        prepare(row)
      }
      results.push({ name: row.name, ...(await measure(server, token, row.body, calm)) })
    }
  } finally {
    await server.stop()
  }
  return results
}

function report(title, results) {
  print(`\n## ${title}\n\n| CPU ms | sent | answered with |\n|---:|---|---|`)
  for (const { name, ms, status, code, bytes } of results.toSorted((a, b) => b.ms - a.ms)) {
    print(`| ${ms.toFixed(1)} | ${name} | ${status} ${code}, ${bytes} bytes |`)
  }
  const dear = results.filter(({ ms }) => ms > DEAR_MS).length
  print(`\n${results.length} measured, ${dear} above ${DEAR_MS} ms.`)
}

const upstream = await startUpstream({ delayMs: 0 })
try {
  const isWanted = ({ name }) => name.includes(options.only)
  if (options.part !== 'answers') {
    const results = []
    for (const [settings, env] of Object.entries(SETTINGS)) {
      const rows = BODIES.filter(body => body.env === settings && isWanted(body))
      if (rows.length > 0) results.push(...(await measureAll(rows, { env, upstream })))
    }
    report('Bodies of 64 KB', results)
  }
  if (options.part !== 'bodies') {
    const genauth = await startHostileGenAuth()
    const rows = genauth.answers.filter(isWanted)
    const results = await measureAll(rows, {
      env: { GENAUTH_URL: genauth.url },
      upstream,
      calmBody: genauth.calmBody,
      prepare: genauth.answerWith,
    })
    genauth.close()
    report('Answers of 1 MB', results)
  }
} finally {
  upstream.stop()
}
process.exit()
