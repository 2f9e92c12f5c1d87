// Measures a demand of three times the budget: does GenAuth see more than the budget, and which callers wait?
//
//   npm run build && node bench/throttle.mjs [seconds] [budget per second]
//
// Closed loop: each worker sends again when it has its result, but at most three times a second. Together the
// workers want three times the budget. Three in five workers belong to one caller.
//
// The workers live in this process. The layer and the stand-in for GenAuth each have one of their own. The
// layer is on core 0, and the stand-in on core 1. The workers are on core 2 if there is one, and otherwise
// behind the stand-in.
//
// An arrival counts when the stand-in has read the request's head. Arrivals are counted in all windows of
// 1,000 ms and in the seconds of the clock. Arrivals that the stand-in itself kept waiting come together, so
// the figures hold while it is hardly late.

import { CORES } from './support/cores.mjs'
import { startCounter } from './support/counter.mjs'
import { toPeaks } from './support/counting-genauth.mjs'
import { sleep, startLayer, toCounts, toSpread } from './support/layer.mjs'
import { print, toPercent } from './support/print.mjs'

const seconds = Number(process.argv[2] ?? 30)
const budget = Number(process.argv[3] ?? 300)
const ASKS_PER_SECOND = 3
/** The time until the queue has its length. */
const WARM_UP_S = 3
const MODEST_CALLERS = 8
const SHARE_OF_SETS = 0.2

const counter = await startCounter()
const layer = await startLayer(counter.url, { GENAUTH_MAX_RPS: `${budget}` }, { core: CORES.servers })

async function run(durationS, workers, callers) {
  const answers = []
  const untilMs = performance.now() + durationS * 1_000
  await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const ask = callers(index)
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

const greedy = await layer.caller('greedy')
const modest = await Promise.all(
  Array.from({ length: MODEST_CALLERS }, (_, index) => layer.caller(`modest-${index}`)),
)
// The budget times three, divided among workers that send three times a second each.
const workers = budget
const toCaller = index => (index % 5 < 3 ? greedy : modest[index % MODEST_CALLERS])

const places = counter.placeCallers()
await run(WARM_UP_S, workers, toCaller)
const beganAtMs = performance.now()
const answers = await run(seconds, workers, toCaller)
const endedAtMs = beganAtMs + seconds * 1_000

const { arrivals, lateByMs } = await counter.tell()
const inTime = arrivals.filter(atMs => atMs >= beganAtMs && atMs < endedAtMs)
const { greedy: toGreedy, ...toModest } = toCounts(answers.map(({ sub }) => sub))
const report = {
  seconds,
  budget,
  'asked for, per second': workers * ASKS_PER_SECOND,
  'arrivals per second': Math.round((inTime.length / seconds) * 10) / 10,
  'share of the budget used': toPercent(inTime.length / seconds / budget),
  'most in any 1,000 ms': toPeaks(arrivals).sliding,
  'most in a second of the clock': toPeaks(arrivals).calendar,
  'the counter itself late by, ms, p99 and at most': lateByMs,
  'cores and priorities': places,
  'not answered well': `${toPercent(answers.filter(({ isOk }) => !isOk).length / answers.length)} ${JSON.stringify(toCounts(answers.filter(({ isOk }) => !isOk).map(({ code }) => code)))}`,
  'sets, ms': toSpread(answers.filter(({ kind }) => kind === 'set')),
  'reads, ms': toSpread(answers.filter(({ kind }) => kind === 'read')),
  'reads of the greedy caller, ms': toSpread(
    answers.filter(({ kind, sub }) => kind === 'read' && sub === 'greedy'),
  ),
  'reads of the modest callers, ms': toSpread(
    answers.filter(({ kind, sub }) => kind === 'read' && sub !== 'greedy'),
  ),
  'answers to the greedy caller': toGreedy,
  'answers to each modest caller, least and most': [
    Math.min(...Object.values(toModest)),
    Math.max(...Object.values(toModest)),
  ],
}
print(report)

// A neighbour of the same pool takes half the budget for ten seconds. GenAuth replies 429 to the excess.
const NEIGHBOUR_S = 10
const RECOVERY_S = 15
counter.leave(budget / 2)
const fromMs = performance.now()
const withNeighbour = run(NEIGHBOUR_S + RECOVERY_S, workers, toCaller)
await sleep(NEIGHBOUR_S * 1_000)
counter.leave(null)
await withNeighbour
const afterwards = await counter.tell()
const perSecond = (list, from = fromMs) =>
  Array.from(
    { length: NEIGHBOUR_S + RECOVERY_S },
    (_, second) =>
      list.filter(atMs => atMs >= from + second * 1_000 && atMs < from + (second + 1) * 1_000).length,
  )
const then = perSecond(afterwards.arrivals)
print({
  'with a neighbour who takes half': `${NEIGHBOUR_S} s, then ${RECOVERY_S} s without`,
  'arrivals each second': then.join(' '),
  '429 each second': perSecond(afterwards.refused).join(' '),
  'back at 95 % of the budget after, s':
    then.slice(NEIGHBOUR_S).findIndex(count => count >= 0.95 * 0.98 * budget) + 1,
})
await layer.close()
counter.close()
