// Two replicas change the same users at the same moments while their Redis is stopped, killed, demoted or
// slow. Does each caller get a result, and which updates are lost? Does each change without the shared lock
// say so? Does a replica that was frozen in the middle of changes send changes that others have overtaken?
//
//   npm run build && node bench/redis-loss.mjs [--case all|stopped|killed|demoted|slow|frozen] [--mode both|off|writes]
//
// It needs `redis-server`. Two are started on free ports and ended again, behind a TCP proxy whose address
// the replicas know. It takes about three and a half minutes. Every 60 ms each replica is asked to switch on
// another factor of the same new user. If both say that they have, both must be on. `mode` is
// `REDIS_REQUIRED_FOR`. The exit code is 1 if a promise was broken, and the last lines say which.
import process from 'node:process'
import { readOptions } from './stand.mjs'
import { startKeepingGenAuth } from './support/keeping-genauth.mjs'
import { sleep, startLayer, toCounts } from './support/layer.mjs'
import { print } from './support/print.mjs'
import { startRedis } from './support/redis.mjs'
import { startTcpSwitch } from './support/tcp-switch.mjs'

const options = readOptions({ case: 'all', mode: 'both' })
const FACTORS = ['EMAIL', 'FACE']
const RACE_EVERY_MS = 60
const WARM_UP_RACES = 20
const WITH_REDIS_MS = 1_500
const WITHOUT_REDIS_MS = 4_000
const AFTERWARDS_MS = 8_000
const SLOW_STEPS_MS = [50, 100, 200, 500]
const DEADLINE_MS = 5_000
/** The time of the result's own way, on a busy machine. */
const MARGIN_MS = 1_000
/** The time until Redis is known to be lost, or to be back. */
const NOTICED_AFTER_MS = 1_500
const SHARED_WITHIN_MS = 5_000

/** The ways in which Redis is lost, each with its end. */
const CASES = {
  stopped: {
    lose: ({ first }) => first.pause(),
    restore: ({ first }) => first.resume(),
  },
  killed: {
    lose: ({ first }) => first.kill(),
    restore: ({ first }) => first.start(),
  },
  // A managed failover does this, and keeps the connections to the old primary.
  demoted: {
    async lose({ first, second }) {
      await second.tell('REPLICAOF NO ONE')
      await first.tell(`REPLICAOF 127.0.0.1 ${second.port}`)
    },
    restore: ({ second, address }) => address.leadTo(second.port),
  },
  slow: {
    async lose({ address }) {
      for (const ms of SLOW_STEPS_MS) {
        address.delayBy(ms)
        await sleep(WITHOUT_REDIS_MS / SLOW_STEPS_MS.length)
      }
    },
    restore: ({ address }) => address.delayBy(0),
    // Near the timeout some locks are shared and some are not.
    isSometimesShared: true,
  },
}
const MODES = ['off', 'writes']
/** Longer than any lease. When it begins, there are changes at all stages. */
const FROZEN_MS = 7_000
const CHANGES_BEFORE_FREEZE = 60
const CHANGE_EVERY_MS = 1

const names = options.case === 'all' ? [...Object.keys(CASES), 'frozen'] : [options.case]
const modes = options.mode === 'both' ? MODES : [options.mode]
if (!names.every(name => name === 'frozen' || name in CASES) || !modes.every(mode => MODES.includes(mode))) {
  throw new Error(`No such case: ${options.case}, ${options.mode}`)
}
const broken = []
for (const name of names) {
  if (name === 'frozen') await freeze()
  else for (const mode of modes) await run(name, mode)
}
for (const promise of broken) print({ 'BROKEN PROMISE': promise })
if (broken.length === 0) print({ 'broken promises': 'none' })
process.exitCode = broken.length === 0 ? 0 : 1

async function run(name, mode) {
  const { lose, restore, isSometimesShared = false } = CASES[name]
  const genauth = await startKeepingGenAuth()
  const [first, second] = [await startRedis(), await startRedis()]
  await second.tell(`REPLICAOF 127.0.0.1 ${first.port}`)
  const address = await startTcpSwitch(first.port)
  const world = { first, second, address }
  const env = {
    REDIS_URL: `redis://127.0.0.1:${address.port}`,
    REDIS_REQUIRED_FOR: mode,
    REQUEST_DEADLINE_MS: `${DEADLINE_MS}`,
    GENAUTH_MAX_RPS: '2000',
  }
  const layers = await Promise.all([startLayer(genauth.url, env), startLayer(genauth.url, env)])
  const asks = await Promise.all(layers.map((layer, index) => layer.caller(`operator-${index}`)))
  const race = createRace(genauth, asks)
  for (let n = 0; n < WARM_UP_RACES; n++) await race(`warm-${n}`)

  const times = { lostAtMs: Number.NaN, restoredAtMs: Number.NaN }
  let isOver = false
  const racing = (async () => {
    const races = []
    for (let n = 0; !isOver; n++) {
      races.push(race(`user-${n}`))
      await sleep(RACE_EVERY_MS)
    }
    return Promise.all(races)
  })()
  await sleep(WITH_REDIS_MS)
  times.lostAtMs = performance.now()
  await lose(world)
  await sleep(Math.max(0, times.lostAtMs + WITHOUT_REDIS_MS - performance.now()))
  times.restoredAtMs = performance.now()
  await restore(world)
  await sleep(AFTERWARDS_MS)
  isOver = true
  const races = await racing
  const saidShared = layers.map(({ sharing }) => toSharedAtMs(sharing, times.restoredAtMs))

  await Promise.all(layers.map(layer => layer.close()))
  address.close()
  await Promise.all([first.kill(), second.kill()])
  genauth.close()
  report({ name, mode, races, times, saidShared, isSometimesShared })
}

/** Freezes one replica in the middle of its changes, while the other one changes the same users. */
async function freeze() {
  const genauth = await startKeepingGenAuth({ latencyMs: 20 })
  const redis = await startRedis()
  const patience = `${FROZEN_MS * 3}`
  const env = {
    REDIS_URL: redis.url,
    REQUEST_DEADLINE_MS: patience,
    GENAUTH_TIMEOUT_MS: patience,
    GENAUTH_MAX_RPS: '2000',
  }
  const [frozen, other] = await Promise.all([startLayer(genauth.url, env), startLayer(genauth.url, env)])
  const asks = [await frozen.caller('operator-0'), await other.caller('operator-1')]
  const race = createRace(genauth, asks)
  for (let n = 0; n < WARM_UP_RACES; n++) await race(`warm-${n}`)

  const change = (index, user) => asks[index]('change', user, { enable: [FACTORS[index]] })
  const users = Array.from({ length: CHANGES_BEFORE_FREEZE }, (_, n) => `user-${n}`)
  const changing = []
  for (const user of users) {
    changing.push(change(0, user))
    await sleep(CHANGE_EVERY_MS)
  }
  frozen.pause()
  const overtaking = users.map(user => change(1, user))
  await sleep(FROZEN_MS)
  const answeredBefore = await Promise.race([Promise.all(overtaking).then(() => true), sleep(0)])
  frozen.resume()
  const answers = [await Promise.all(changing), await Promise.all(overtaking)]
  await Promise.all([frozen.close(), other.close()])
  await redis.kill()
  genauth.close()

  const made = answers.map(ofOne => ofOne.map(isApplied))
  const lost = answers.map((_, index) =>
    users.filter((user, n) => made[index][n] && !genauth.switchedOn(user).includes(FACTORS[index])),
  )
  const falselyRefused = users.filter(
    (user, n) =>
      answers[0][n].member?.outcome === 'NOT_APPLIED' && genauth.switchedOn(user).includes(FACTORS[0]),
  )
  print({
    'a replica frozen in the middle of changes': users.length,
    'the other one changed them before it went on': answeredBefore === true,
    'made by the frozen one, by the other': made.map(ofOne => ofOne.filter(Boolean).length),
    'not made': toCounts(
      answers
        .flat()
        .filter(answer => !isApplied(answer))
        .map(({ code, member }) => `${code} ${member?.outcome ?? ''}`.trim()),
    ),
    'lost updates': lost.flat().length,
    'refused, but made': falselyRefused.length,
  })
  process.stdout.write('\n')
  if (lost.flat().length > 0) broken.push(`frozen: ${lost.flat().length} lost updates`)
  if (falselyRefused.length > 0)
    broken.push(`frozen: ${falselyRefused.length} changes made and said to be not applied`)
}

/** Asks both replicas to change one new user, each another factor. */
function createRace(genauth, asks) {
  return async user => {
    const startedAtMs = performance.now()
    const answers = await Promise.all(
      asks.map(async (ask, index) => ({
        factor: FACTORS[index],
        ...(await ask('change', user, { enable: [FACTORS[index]] })),
      })),
    )
    return { startedAtMs, endedAtMs: performance.now(), answers, found: genauth.switchedOn(user) }
  }
}

function report({ name, mode, races, times, saidShared, isSometimesShared }) {
  const answers = races.flatMap(race => race.answers.map(answer => ({ ...answer, race })))
  const applied = answers.filter(({ member }) => member?.applied === true)
  const refused = answers.filter(({ member }) => member?.outcome === 'NOT_APPLIED')
  const isPlain = answer => applied.includes(answer) || refused.includes(answer)
  const errors = answers.filter(answer => !isPlain(answer))
  const isThere = ({ factor, race }) => race.found.includes(factor)
  const lost = applied.filter(answer => !isThere(answer))
  const isTold = ({ race }) => race.answers.some(isWarned)
  const untold = lost.filter(answer => !isTold(answer))
  const falselyRefused = refused.filter(isThere)
  const withoutRedis = applied.filter(({ race }) => {
    return race.startedAtMs > times.lostAtMs + NOTICED_AFTER_MS && race.endedAtMs < times.restoredAtMs
  })
  const unwarned = withoutRedis.filter(answer => !isWarned(answer))
  const slowestMs = Math.round(Math.max(...answers.map(({ ms }) => ms)))
  const toSeconds = atMs => Math.round((atMs - times.restoredAtMs) / 100) / 10
  const sharedAgainMs = applied
    .filter(answer => answer.startedAtMs > times.restoredAtMs && !isWarned(answer))
    .map(({ startedAtMs }) => startedAtMs)

  print({
    [`Redis ${name}, REDIS_REQUIRED_FOR`]: mode,
    'changes asked for, made, refused as not applied': [answers.length, applied.length, refused.length],
    'other answers': toCounts(errors.map(({ code }) => code)),
    'slowest answer, ms': slowestMs,
    'races in which both changes were made': races.filter(race => race.answers.every(isApplied)).length,
    'lost updates': lost.length,
    'LOCK_NOT_SHARED told to the lost one, to either of the two, to neither': [
      lost.filter(isWarned).length,
      lost.length - untold.length,
      untold.length,
    ],
    'refused, but made': falselyRefused.length,
    'made without Redis, without a warning': [withoutRedis.length, unwarned.length],
    'seconds until each replica said SHARED': saidShared.map(toSeconds),
    'seconds until a lock was shared':
      sharedAgainMs.length === 0 ? 'never' : toSeconds(Math.min(...sharedAgainMs)),
  })
  process.stdout.write('\n')

  const promise = (isKept, text) => {
    if (!isKept) broken.push(`Redis ${name}, ${mode}: ${text}`)
  }
  promise(untold.length === 0, `${untold.length} lost updates without a warning`)
  promise(falselyRefused.length === 0, `${falselyRefused.length} changes made and said to be not applied`)
  promise(slowestMs <= DEADLINE_MS + MARGIN_MS, `an answer after ${slowestMs} ms`)
  promise(
    isSometimesShared || unwarned.length === 0,
    `${unwarned.length} changes without Redis and a warning`,
  )
  promise(mode !== 'writes' || lost.length === 0, `${lost.length} lost updates`)
  promise(
    mode !== 'writes' || isSometimesShared || withoutRedis.length === 0,
    `${withoutRedis.length} changes made without Redis`,
  )
  promise(
    saidShared.every(atMs => atMs !== undefined && atMs - times.restoredAtMs < SHARED_WITHIN_MS),
    'a replica does not share again in time',
  )
  promise(sharedAgainMs.length > 0, 'no lock is shared again')
}

function isApplied({ member }) {
  return member?.applied === true
}

function isWarned({ member }) {
  return member?.warnings?.some(({ code }) => code === 'LOCK_NOT_SHARED') ?? false
}

/** Returns when a replica shares again after that moment, or `undefined` if it does not. */
function toSharedAtMs(sharing, restoredAtMs) {
  const before = sharing.filter(({ atMs }) => atMs <= restoredAtMs).at(-1)
  if (before?.redis === 'SHARED') return restoredAtMs
  return sharing.find(({ redis, atMs }) => redis === 'SHARED' && atMs > restoredAtMs)?.atMs
}
