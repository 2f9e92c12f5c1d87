// Checks whether the claims about a write are true, against the ledger of a GenAuth that breaks in every way.
//
//   npm run build && node bench/oracle-faults.mjs [--quick] [--seed NUMBER]
//
// The first part has some 3,000 random writes. These are random: the fault, whether and when the write is
// carried out all the same, and stale and faulty reads. So are short deadlines, and second replies on kept
// connections. The second part is aimed at late writes: each fault that ends quickly, with the write carried
// out 50 ms to 6 s later. Each write is about a user of its own.
//
// The claims of results and journal are compared with the ledger 10 s after the last result. Then the
// follow-ups get two minutes more. `--quick` makes a tenth of the writes, and only waits for the follow-ups
// of those 10 s.
//
// It prints one summary as JSON. The exit code is 1 if one claim is false. The judge reads nothing of the
// layer but its results and its journal. The layer runs in a process of its own.
import process from 'node:process'
import { parseArgs } from 'node:util'
import { sleep, startLayer, toCounts } from './support/layer.mjs'
import { markOf, startLedgerGenAuth } from './support/ledger-genauth.mjs'
import { toPercent } from './support/print.mjs'
import { FAULTS_BEFORE_LATE_WRITES, toEnvelope, toHttp, WRITE_FAULTS } from './support/write-faults.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: `${Date.now() % 1e6}` },
  },
})
const RANDOM_WRITES = options.quick ? 300 : 3_000
const DELAYS_MS = options.quick ? [50, 450, 2_000] : [50, 100, 200, 300, 450, 700, 1_000, 2_000, 4_000, 6_000]
const AT_ONCE = 40
const CALLERS = 16
/** The breaker opens when half of the calls fail, and a call that is not sent tests nothing. */
const GOOD_WRITES_PER_FAULT = 1.5
const JUDGED_AFTER_MS = 10_000
const FOLLOWED_UP_AFTER_MS = 150_000
const ENV = {
  GENAUTH_TIMEOUT_MS: '2000',
  REQUEST_DEADLINE_MS: '6000',
  GENAUTH_MAX_RPS: '100000',
  AUDIT_KEY: 'a key of the oracle alone',
}

const SET = `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) { __typename
  ... on SetUserMfaStatusSuccess { applied verified }
  ... on MfaUpstreamUnavailableError { outcome observed { factors { code enabled } } } } }`

/** The wanted changes, each with the factors that must be on after it. */
const WISHES = [
  { input: { enable: ['EMAIL'] }, on: ['EMAIL', 'FACE', 'OTP', 'SMS'] },
  { input: { disable: ['SMS'] }, on: ['FACE', 'OTP'] },
  { input: { factors: [{ type: 'EMAIL' }] }, on: ['EMAIL'] },
  {
    input: { factors: [{ type: 'EMAIL' }], triggerData: { mfaToken: 'known' } },
    on: ['EMAIL'],
    isWhole: true,
  },
]
const READ_FAULTS = [
  ({ socket }) => socket.resetAndDestroy(),
  ({ socket }) => void socket.write(toHttp({ status: 503, body: '<p>' })),
  ({ socket }) => void socket.write(toHttp({ body: toEnvelope(429) })),
  () => {},
]
const GOOD = { write: null, appliedAfterMs: 0, staleMs: 0, read: null, repliesTwice: false }

const random = toRandom(Number(options.seed))
const chance = share => random() < share
const pick = list => list[Math.floor(random() * list.length)]
const between = (least, most) => Math.round(least * (most / least) ** random())

/** Mulberry32. The same seed makes the same plans. */
function toRandom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function toRandomCase() {
  const fault = pick(WRITE_FAULTS)
  const carriedOut = chance(0.5) ? between(50, 6_000) : pick([0, null])
  return {
    fault: fault.name,
    refuses: fault.refuses,
    wish: pick(WISHES),
    deadlineMs: chance(0.05) ? between(1, 2_000) : null,
    plan: {
      write: fault.answer,
      appliedAfterMs: fault.refuses ? null : carriedOut,
      staleMs: chance(0.2) ? pick([250, 1_000]) : 0,
      read: chance(0.1) ? pick(READ_FAULTS) : null,
      repliesTwice: false,
    },
  }
}

function toLateCase(fault, appliedAfterMs) {
  const plan = { ...GOOD, write: fault.answer, appliedAfterMs }
  return { fault: fault.name, refuses: false, wish: pick(WISHES), deadlineMs: null, plan }
}

function toGoodCase() {
  const plan = { ...GOOD, repliesTwice: chance(0.05) }
  return { fault: null, refuses: false, wish: pick(WISHES), deadlineMs: null, plan }
}

const cases = new Map()
const genauth = await startLedgerGenAuth(userId => cases.get(userId)?.plan ?? GOOD)
const layer = await startLayer(genauth.url, ENV)
const posters = await Promise.all(
  Array.from({ length: CALLERS }, (_, index) => layer.poster(`caller-${index}`)),
)

async function play(userId, one) {
  const { wish, deadlineMs } = one
  const headers = deadlineMs === null ? {} : { 'x-request-deadline-ms': `${deadlineMs}` }
  one.fromMs = performance.now()
  const answer = await pick(posters)(SET, { input: { userId, allowNoFactor: true, ...wish.input } }, headers)
  one.toMs = performance.now()
  one.claim = toClaim(answer)
  one.code =
    answer.data?.setUserMfaStatus?.__typename ?? answer.errors?.[0]?.extensions?.code ?? answer.status
  one.member = answer.data?.setUserMfaStatus ?? null
  // After its result the layer reads a user no more, apart from follow-ups.
  one.seen = genauth.ledgerOf(userId).lastRead
}

/** Returns the claim of a result about its write. A GraphQL error stands for a request that was not executed. */
function toClaim({ data, errors }) {
  const member = data?.setUserMfaStatus
  if (member === undefined || member === null) return errors === undefined ? 'NO_ANSWER' : 'NOT_APPLIED'
  if (member.__typename === 'SetUserMfaStatusSuccess') return 'APPLIED'
  return member.outcome === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_APPLIED'
}

async function run(name, faulty) {
  const beganAtMs = performance.now()
  const all = [...faulty, ...Array.from({ length: faulty.length * GOOD_WRITES_PER_FAULT }, toGoodCase)]
  for (let index = all.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[all[index], all[other]] = [all[other], all[index]]
  }
  // At first the breaker has seen too few calls to forgive any.
  all.unshift(...Array.from({ length: 100 }, toGoodCase))
  const queue = all.map(one => {
    const userId = cases.size.toString(16).padStart(24, '0')
    cases.set(userId, one)
    one.run = name
    return [userId, one]
  })
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await play(...next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const seconds = ((performance.now() - beganAtMs) / 1_000).toFixed(0)
  process.stderr.write(`${name}: ${faulty.length} faulty writes among ${all.length} in ${seconds} s\n`)
}

function isAsWished({ wish: { on } }, { applicationMfa }) {
  const known = applicationMfa.filter(
    ({ mfaPolicy, status }) => status === 1 && on.concat('SMS', 'OTP', 'FACE', 'EMAIL').includes(mfaPolicy),
  )
  return (
    known
      .map(({ mfaPolicy }) => mfaPolicy)
      .sort()
      .join() === on.join()
  )
}

/** Returns the false claims about one write. */
function findLies(userId, one) {
  const { applied } = genauth.ledgerOf(userId)
  const { claim, member, wish, fromMs, toMs, seen } = one
  const lies = []
  const wasTrue = genauth.statesBetween(userId, fromMs, toMs).some(state => isAsWished(one, state))
  if (claim === 'APPLIED' && !wasTrue) lies.push('false SUCCESS')
  if (claim === 'NOT_APPLIED' && applied.length > 0) lies.push('false NOT_APPLIED')
  if (applied.length > 1) lies.push('carried out twice')
  if (applied.some(({ state }) => !(wish.isWhole && markOf(state) === null) && markOf(state) !== userId))
    lies.push("another user's state written")
  const observed = member?.observed?.factors.map(({ code, enabled }) => `${code} ${enabled}`).join()
  const wasSeen = seen?.applicationMfa.map(({ mfaPolicy, status }) => `${mfaPolicy} ${status === 1}`).join()
  if (observed !== undefined && observed !== wasSeen) lies.push('observed what GenAuth did not say')
  return lies
}

/** Returns the journal's claims about each user. */
function readJournal() {
  const [byIntent, byUser] = [new Map(), new Map()]
  for (const record of layer.journal()) {
    if (record.kind === 'intent') {
      const entry = { outcome: null, found: null }
      byIntent.set(record.id, entry)
      byUser.set(record.user.genauthId, entry)
    }
    if (record.kind === 'outcome') byIntent.get(record.intent).outcome = record.outcome
    if (record.kind === 'followUp') byIntent.get(record.intent).found = record.found
  }
  return byUser
}

function findLiesOnRecord(userId, { claim }, entry) {
  // A write that was refused before a decision has no record.
  if (entry === undefined) return claim === 'APPLIED' || claim === 'UNKNOWN' ? ['no record'] : []
  const isApplied = genauth.ledgerOf(userId).applied.length > 0
  return [
    ...(claim === entry.outcome || claim === 'NO_ANSWER' ? [] : ['the journal says something else']),
    ...(entry.found === 'INTENDED' && !isApplied ? ['false INTENDED'] : []),
    ...(['BEFORE', 'OTHER'].includes(entry.found) && isApplied ? [`false ${entry.found}`] : []),
  ]
}

function summarize(name) {
  const faulty = [...cases].filter(([, one]) => one.run === name && one.fault !== null)
  const claims = faulty.map(([, { claim }]) => claim)
  const inDoubt = faulty.filter(([, { refuses }]) => !refuses)
  const isApplied = ([userId]) => genauth.ledgerOf(userId).applied.length > 0
  return {
    'faulty writes': faulty.length,
    'really carried out': faulty.filter(isApplied).length,
    'carried out after the answer': faulty.filter(
      ([userId, { toMs }]) => genauth.ledgerOf(userId).applied[0]?.atMs > toMs,
    ).length,
    claims: toCounts(claims),
    answers: toCounts(faulty.map(([, { code }]) => code)),
    'share of UNKNOWN': toPercent(claims.filter(claim => claim === 'UNKNOWN').length / claims.length),
    'share of UNKNOWN where GenAuth refused nothing': toPercent(
      inDoubt.filter(([, { claim }]) => claim === 'UNKNOWN').length / inDoubt.length,
    ),
  }
}

await run('random', Array.from({ length: RANDOM_WRITES }, toRandomCase))
await run(
  'late',
  DELAYS_MS.flatMap(delayMs => FAULTS_BEFORE_LATE_WRITES.map(fault => toLateCase(fault, delayMs))),
)
const endedAtMs = performance.now()
await sleep(JUDGED_AFTER_MS)
const lies = [...cases].flatMap(([userId, one]) => findLies(userId, one).map(lie => ({ lie, userId, one })))

const countPending = () =>
  [...readJournal().values()].filter(({ outcome, found }) => outcome === 'UNKNOWN' && found === null).length
while (!options.quick && countPending() > 0 && performance.now() - endedAtMs < FOLLOWED_UP_AFTER_MS)
  await sleep(5_000)
const journal = readJournal()
for (const [userId, one] of cases) {
  for (const lie of findLiesOnRecord(userId, one, journal.get(userId))) lies.push({ lie, userId, one })
}
const unknown = [...journal].filter(([, { outcome }]) => outcome === 'UNKNOWN')
const lateFound = unknown.filter(([userId]) => genauth.ledgerOf(userId).applied.length > 0)

await layer.close()
genauth.close()
for (const { lie, userId, one } of lies.slice(0, 20)) {
  const { fault, claim, run, plan } = one
  process.stderr.write(
    `${lie}: ${JSON.stringify({ userId, run, fault, claim, appliedAfterMs: plan.appliedAfterMs })}\n`,
  )
}
const countOf = lie => lies.filter(one => one.lie === lie).length
const summary = {
  seed: Number(options.seed),
  quick: options.quick,
  random: summarize('random'),
  late: summarize('late'),
  'good writes among them': [...cases.values()].filter(({ fault }) => fault === null).length,
  'good writes that were no success': toCounts(
    [...cases.values()]
      .filter(({ fault, claim }) => fault === null && claim !== 'APPLIED')
      .map(({ code }) => code),
  ),
  'requests behind a second reply': genauth.counts.behindSecondReply,
  'breakers opened': layer.events.length,
  'follow-ups of UNKNOWN': {
    ...toCounts(unknown.map(([, { found }]) => found ?? 'pending')),
    'carried out in truth': lateFound.length,
    'of these found': lateFound.filter(([, { found }]) => found === 'INTENDED').length,
  },
  'false SUCCESS': countOf('false SUCCESS'),
  'false NOT_APPLIED': countOf('false NOT_APPLIED'),
  'other false claims': toCounts(
    lies.map(({ lie }) => lie).filter(lie => !/^false (SUCCESS|NOT_APPLIED)$/.test(lie)),
  ),
}
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
process.exitCode = lies.length === 0 ? 0 : 1
