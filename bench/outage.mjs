// Measures the cost of GenAuth's own troubles for GenAuth and for our callers: a total outage, one of its
// token endpoint, one that flaps.
//
//   npm run build && node bench/outage.mjs [seconds]
//
// Callers send at an even rate whether or not they have a result, as people do. GenAuth fails with HTTP 503
// and a page. Attempts are counted where they arrive. The stand-in and the callers live in this process, and
// the layer in one of its own.
import { startCountingGenAuth } from './support/counting-genauth.mjs'
import { sleep, startLayer, toCounts, toSpread } from './support/layer.mjs'
import { print, toPercent } from './support/print.mjs'

const seconds = Number(process.argv[2] ?? 60)
const ASKS_PER_SECOND = 50
const ALLOWED_MS = 50
const RECOVERY_S = 10
const LATENCY_MS = 20

/** Half of the requests are reads, and half are writes. */
async function askFor(ask, durationS, part) {
  const answers = []
  const beganAtMs = performance.now()
  for (let turn = 0; turn < durationS * ASKS_PER_SECOND; turn++) {
    await sleep(Math.max(0, beganAtMs + (turn * 1_000) / ASKS_PER_SECOND - performance.now()))
    const kind = turn % 2 === 0 ? 'read' : 'set'
    answers.push(ask(kind, `${kind}-${part}-${turn}`))
  }
  return Promise.all(answers)
}

async function inTrouble(name, toFault, env, report) {
  const genauth = await startCountingGenAuth({ latencyMs: LATENCY_MS })
  const layer = await startLayer(genauth.url, env)
  const ask = await layer.caller('somebody')
  await askFor(ask, 1, 'before')
  const attempts = () => genauth.countOf('get-mfa-status') + genauth.countOf('set-mfa-status')
  // Each call is about another user, so that a second one is a retry. A reconciling read after a write is not
  // a retry.
  const retries = () =>
    genauth.repeatsOf('get-mfa-status', 'read-during') + genauth.repeatsOf('set-mfa-status', 'set-during')
  const before = { attempts: attempts(), tokens: genauth.countOf('get-management-token') }
  genauth.failWith(toFault)
  const answers = await askFor(ask, seconds, 'during')
  const during = {
    attempts: attempts() - before.attempts,
    tokens: genauth.countOf('get-management-token') - before.tokens,
  }
  genauth.failWith(() => null)
  const endedAtMs = performance.now()
  const after = await askFor(ask, RECOVERY_S, 'after')
  const recoveries = ['read', 'set'].map(kind => {
    const well = after.filter(answer => answer.kind === kind).map(({ isOk }) => isOk)
    const first = after.filter(answer => answer.kind === kind)[well.lastIndexOf(false) + 1]
    return `${kind} ${first === undefined ? 'never' : ((first.startedAtMs - endedAtMs) / 1_000).toFixed(1)} s`
  })
  print({
    [`\n${name}`]: `${seconds} s, ${ASKS_PER_SECOND} calls a second`,
    calls: answers.length,
    'attempts per call, looks after sets included': (during.attempts / answers.length).toFixed(3),
    'retries as a share of calls': `${toPercent(retries() / answers.length)} (${retries()})`,
    ...report({ answers, during, layer }),
    answers: toCounts(answers.map(({ isOk, code }) => (isOk ? 'well' : code))),
    'well again after': recoveries.join(', '),
    breakers: layer.events.map(({ kind, state }) => `${kind} ${state}`).join(', ') || 'never opened',
  })
  await layer.close()
  genauth.close()
}

/** Measured by the layer's own clock, while both breakers are open. */
function whileOpen({ events, requests }) {
  const isOpen = { READ: false, WRITE: false }
  const spans = []
  for (const { atMs, kind, state } of events) {
    if (isOpen.READ && isOpen.WRITE) spans.at(-1).toMs = atMs
    isOpen[kind] = state === 'OPEN'
    if (isOpen.READ && isOpen.WRITE) spans.push({ fromMs: atMs, toMs: Number.POSITIVE_INFINITY })
  }
  return requests.filter(({ endedAtMs, ms }) =>
    spans.some(({ fromMs, toMs }) => endedAtMs - ms >= fromMs && endedAtMs <= toMs),
  )
}

await inTrouble(
  'a total outage',
  endpoint => (endpoint === 'get-management-token' ? null : { httpStatus: 503 }),
  {},
  ({ layer }) => {
    const toFigures = operation => {
      const open = whileOpen(layer).filter(request => request.operation === operation)
      const inTime = open.filter(({ ms }) => ms <= ALLOWED_MS)
      return { ...toSpread(open), [`within ${ALLOWED_MS} ms`]: toPercent(inTime.length / open.length) }
    }
    // A write is recorded before the server finds that it cannot be sent. That takes two waits for the disk.
    return {
      'reads while the breakers are open, by the clock of the layer, ms': toFigures('query'),
      'sets, likewise': toFigures('mutation'),
    }
  },
)

// No token is valid: GenAuth refuses the old one, and issues no new one.
await inTrouble(
  'an outage of the token endpoint',
  endpoint => (endpoint === 'get-management-token' ? { httpStatus: 503 } : { statusCode: 401 }),
  {},
  ({ answers, during }) => ({
    'token requests per second': (during.tokens / seconds).toFixed(2),
    'other attempts': during.attempts,
    'answers, ms': toSpread(answers),
  }),
)

for (const [name, everyNth] of [
  ['a GenAuth that fails every second time', 2],
  ['a GenAuth that fails every third time', 3],
]) {
  let asked = 0
  const toFault = () => (asked++ % everyNth === 0 ? { httpStatus: 503 } : null)
  await inTrouble(name, toFault, {}, ({ answers }) => ({ 'answers, ms': toSpread(answers) }))
}
