// Measures several replicas in front of one GenAuth. Does it see more than one budget? What happens while
// Redis is away? What becomes of two operators who change the same user at the same time?
//
//   npm run build && node bench/replicas.mjs [--case budget|outage|race] [--replicas 2] [--seconds 30] [--budget 300]
//
// It needs `redis-server`. One is started on a free port and ended again. Closed loop: each worker sends
// again when it has its result, at most three times a second. Together the workers want three times the
// budget.
//
// The workers live in this process. Each replica, Redis and the stand-in for GenAuth have one of their own.
// The replicas are on core 0, and the others on core 1. The workers are on core 2 if there is one, and
// otherwise behind the stand-in.
//
// An arrival counts when the stand-in has read the request's head, in all windows of 1,000 ms. Arrivals that
// the stand-in itself kept waiting come together, so the figures hold while it is hardly late. A race counts
// the lost changes and not their times. Its stand-in lives in this process, and its replicas have no core of
// their own.
import { readOptions } from './stand.mjs'
import { CORES } from './support/cores.mjs'
import { startCounter } from './support/counter.mjs'
import { toPeaks } from './support/counting-genauth.mjs'
import { startKeepingGenAuth } from './support/keeping-genauth.mjs'
import { sleep, startLayer, toCounts, toSpread } from './support/layer.mjs'
import { print, toPercent } from './support/print.mjs'
import { startRedis } from './support/redis.mjs'

const options = readOptions({ case: 'budget', replicas: 2, seconds: 30, budget: 300 })
const ASKS_PER_SECOND = 3
const WARM_UP_S = 3
const SHARE_OF_SETS = 0.2
const PATCHES = 200
const OPERATORS = [
  ['SMS', 'OTP'],
  ['EMAIL', 'FACE'],
]

const redis = await startRedis()
const shared = { REDIS_URL: redis.url }
switch (options.case) {
  case 'budget':
    print(await measureBudget(async () => () => ({})))
    break
  case 'outage':
    print(await measureBudget(killAndRestart))
    break
  case 'race':
    print({ 'with Redis': await race(shared), without: await race({}) })
    break
  default:
    throw new Error(`No such case: ${options.case}`)
}
await redis.kill()

/** `disturb` runs under load, and returns what it made of the arrivals. */
async function measureBudget(disturb) {
  const { replicas, seconds, budget } = options
  const counter = await startCounter()
  const env = { ...shared, GENAUTH_MAX_RPS: `${budget}` }
  const start = () => startLayer(counter.url, env, { core: CORES.servers })
  const layers = await Promise.all(Array.from({ length: replicas }, start))
  const callers = await Promise.all(layers.flatMap(layer => [layer.caller('one'), layer.caller('two')]))

  const places = counter.placeCallers()
  await demand(WARM_UP_S, callers)
  const beganAtMs = performance.now()
  const asked = demand(seconds, callers)
  const toEvents = await disturb(beganAtMs)
  const answers = await asked
  const { arrivals, lateByMs } = await counter.tell()
  const endedAtMs = beganAtMs + seconds * 1_000
  await Promise.all(layers.map(layer => layer.close()))
  counter.close()

  const inTime = arrivals.filter(atMs => atMs >= beganAtMs && atMs < endedAtMs)
  const failed = answers.filter(({ isOk }) => !isOk)
  return {
    replicas,
    seconds,
    budget,
    'asked for, per second': budget * ASKS_PER_SECOND,
    'arrivals per second': Math.round((inTime.length / seconds) * 10) / 10,
    'share of the budget used': toPercent(inTime.length / seconds / budget),
    'most in any 1,000 ms': toPeaks(arrivals).sliding,
    'the counter itself late by, ms, p99 and at most': lateByMs,
    'cores and priorities': places,
    'not answered well': `${failed.length} of ${answers.length}, ${toPercent(failed.length / answers.length)} ${JSON.stringify(toCounts(failed.map(({ code }) => code)))}`,
    'sets, ms': toSpread(answers.filter(({ kind }) => kind === 'set')),
    'reads, ms': toSpread(answers.filter(({ kind }) => kind === 'read')),
    ...toEvents(arrivals),
    'the replicas said of Redis': toSaid(layers),
  }
}

/** A refused caller comes back if the process was late, as an operator would. Nothing was done by then. */
async function untilTaken(ask) {
  for (;;) {
    const answer = await ask()
    if (answer.code !== 'OVERLOADED') return answer
    await sleep(100)
  }
}

/** A process that is still compiling is late, and refuses crowds. */
async function warmUp(layer) {
  const ask = await layer.caller('early')
  for (let turn = 0; turn < 20; turn++) {
    await Promise.all(Array.from({ length: 10 }, (_, user) => ask('read', `early-${user}`)))
    await ask('patch', 'early', { [turn % 2 === 0 ? 'enable' : 'disable']: ['SMS'] })
  }
}

/** Returns the changes after the start. */
function toSaid(layers) {
  return layers.map(({ sharing }) =>
    sharing.slice(1).map(({ redis, reason }) => `${redis} ${reason ?? ''}`.trim()),
  )
}

/** A third of the time is with Redis, a third without, and a third with it again. */
async function killAndRestart(beganAtMs) {
  const thirdMs = (options.seconds * 1_000) / 3
  await sleep(thirdMs)
  const killedAtMs = performance.now()
  await redis.kill()
  await sleep(thirdMs)
  const startedAtMs = performance.now()
  await redis.start()
  await sleep(beganAtMs + options.seconds * 1_000 - performance.now())
  return arrivals => toOutage(arrivals, { beganAtMs, killedAtMs, startedAtMs })
}

function toOutage(arrivals, { beganAtMs, killedAtMs, startedAtMs }) {
  const peakAround = atMs =>
    toPeaks(arrivals.filter(arrival => arrival > atMs - 1_500 && arrival < atMs + 3_000)).sliding
  const without = arrivals.filter(atMs => atMs > killedAtMs + 1_500 && atMs < startedAtMs)
  return {
    'Redis killed and started again after, s': [killedAtMs, startedAtMs].map(
      atMs => Math.round((atMs - beganAtMs) / 100) / 10,
    ),
    'sum of the local shares, per second': Math.floor(options.budget / options.replicas) * options.replicas,
    'most in any 1,000 ms without Redis': toPeaks(without).sliding,
    'arrivals per second without Redis': Math.round(
      without.length / ((startedAtMs - killedAtMs - 1_500) / 1_000),
    ),
    'most in any 1,000 ms around the loss and around the return': [
      peakAround(killedAtMs),
      peakAround(startedAtMs),
    ],
  }
}

async function demand(durationS, callers) {
  const answers = []
  const untilMs = performance.now() + durationS * 1_000
  const workers = options.budget
  await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const ask = callers[index % callers.length]
      await sleep((index / workers) * (1_000 / ASKS_PER_SECOND))
      for (let turn = 0; performance.now() < untilMs; turn++) {
        const nextAtMs = performance.now() + 1_000 / ASKS_PER_SECOND
        const kind = (index + turn) % Math.round(1 / SHARE_OF_SETS) === 0 ? 'set' : 'read'
        answers.push(await ask(kind, `user-${index}-${turn}`))
        await sleep(Math.max(0, Math.min(nextAtMs, untilMs) - performance.now()))
      }
    }),
  )
  return answers
}

/** Two operators, each at a replica of their own, change two factors each of one user, all at the same time. */
async function race(env) {
  const genauth = await startKeepingGenAuth()
  // Each waits for all the others, so that none is late.
  const patient = { GENAUTH_MAX_RPS: '2000', REQUEST_DEADLINE_MS: '60000', ALLOW_SELF_WEAKENING: 'on' }
  const layers = await Promise.all(OPERATORS.map(() => startLayer(genauth.url, { ...patient, ...env })))
  await Promise.all(layers.map(warmUp))
  Object.assign(genauth.counts, { writes: 0, lostUpdates: 0 })
  const beganAtMs = performance.now()
  const answers = await Promise.all(
    OPERATORS.map(async (factors, index) => {
      const ask = await layers[index].caller(`operator-${index}`)
      const patches = Array.from({ length: PATCHES / OPERATORS.length }, (_, turn) => {
        const change = Math.floor(turn / factors.length) % 2 === 0 ? 'enable' : 'disable'
        return { [change]: [factors[turn % factors.length]] }
      })
      return Promise.all(patches.map(patch => untilTaken(() => ask('patch', 'one-user', patch))))
    }),
  )
  const tookMs = Math.round(performance.now() - beganAtMs)
  await Promise.all(layers.map(layer => layer.close()))
  genauth.close()
  const failed = answers.flat().filter(({ isOk }) => !isOk)
  return {
    patches: PATCHES,
    tookMs,
    said: toSaid(layers),
    ...genauth.counts,
    failed: toCounts(failed.map(({ code }) => code)),
  }
}
