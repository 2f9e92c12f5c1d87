// Asks for filtered pages of a scan in some order, and compares them with all of its rows.
const FACTORS = ['SMS', 'EMAIL', 'OTP', 'FACE']
const POSTURES = ['PROTECTED', 'PENDING', 'UNPROTECTED', 'UNKNOWN']
const STATUSES = ['ACTIVATED', 'SUSPENDED', 'RESIGNED', 'ARCHIVED', 'DEACTIVATED']

/** The time by which each order sorts, smallest first. A time that never was is the smallest. */
const ORDERS = {
  SCANNED: null,
  LAST_SIGN_IN_DESC: ({ lastSignInAt }) => -(toMs(lastSignInAt) ?? Number.NEGATIVE_INFINITY),
  LAST_MFA_ASC: ({ lastMfaAt }) => toMs(lastMfaAt) ?? Number.NEGATIVE_INFINITY,
}

/** The conditions, each with a random value, the depths that can answer it, and who fits it. */
const CONDITIONS = {
  postures: {
    depths: ['FULL'],
    value: random => random.pickSome(POSTURES, random.between(1, 3)),
    fits: (value, { posture }) => value.includes(posture),
  },
  withoutBoundFactor: {
    depths: ['BINDINGS', 'FULL'],
    value: random => random.chance(0.5),
    fits: (value, { boundFactors }) => boundFactors !== null && (boundFactors.length === 0) === value,
  },
  boundFactor: {
    depths: ['BINDINGS', 'FULL'],
    value: random => random.pick(FACTORS),
    fits: (value, { boundFactors }) => boundFactors?.includes(value) === true,
  },
  notBoundFactor: {
    depths: ['BINDINGS', 'FULL'],
    value: random => random.pick(FACTORS),
    fits: (value, { boundFactors }) => boundFactors?.includes(value) === false,
  },
  neverVerified: {
    value: random => random.chance(0.5),
    fits: (value, { lastMfaAt }) => (lastMfaAt === null) === value,
  },
  lastMfaBefore: {
    value: random => toTime(random, 0, 1_000),
    fits: (value, { lastMfaAt }) => lastMfaAt !== null && toMs(lastMfaAt) < toMs(value),
  },
  lastSignInAfter: {
    value: random => toTime(random, 30, 500),
    fits: (value, { lastSignInAt }) => lastSignInAt !== null && toMs(lastSignInAt) >= toMs(value),
  },
  lastSignInBefore: {
    value: random => toTime(random, 501, 1_000),
    fits: (value, { lastSignInAt }) => lastSignInAt !== null && toMs(lastSignInAt) < toMs(value),
  },
  departmentIds: {
    value: (random, rows) =>
      random.pickSome([...new Set(rows.flatMap(({ departmentIds }) => departmentIds)), 'nowhere'], 2),
    fits: (value, { departmentIds }) => departmentIds.some(id => value.includes(id)),
  },
  statuses: {
    value: random => random.pickSome(STATUSES, random.between(1, 3)),
    fits: (value, { status }) => value.includes(status),
  },
}

/** Returns the false statements of random pages of a scan. */
export async function judgePages({ scans, scan, rows, random }) {
  const names = random.pickSome(Object.keys(CONDITIONS), random.between(0, 3))
  const filter = Object.fromEntries(names.map(name => [name, CONDITIONS[name].value(random, rows)]))
  const orderBy = random.pick(Object.keys(ORDERS))
  const query = { filter, orderBy, first: random.pick([1, 7, 50]) }
  const isAnswered =
    names.every(name => CONDITIONS[name].depths?.includes(scan.depth) ?? true) && !excludesItself(filter)
  const page = await scans.read(scan.id, query)
  const say = lie => [{ lie, query }]
  if (page.fault !== undefined) {
    return isAnswered || page.fault !== 'MfaInvalidInputError' ? say(`pages: ${page.fault}`) : []
  }
  if (!isAnswered) return say('pages by a filter that is to be refused')
  const expected = rows.filter(row => names.every(name => CONDITIONS[name].fits(filter[name], row)))
  if (page.totalCount !== expected.length) return say('another count of a filter')
  if (toIds(page.rows) !== toIds(expected)) return say('other rows of a filter')
  const key = ORDERS[orderBy]
  const inOrder =
    key === null
      ? page.rows.every((row, n) => row.userId === expected[n].userId)
      : page.rows.every((row, n) => n === 0 || key(page.rows[n - 1]) <= key(row))
  return inOrder ? [] : say('rows in another order')
}

function excludesItself({ boundFactor, notBoundFactor, withoutBoundFactor, neverVerified, lastMfaBefore }) {
  const isUnbound = withoutBoundFactor === true || notBoundFactor === boundFactor
  return (boundFactor !== undefined && isUnbound) || (neverVerified === true && lastMfaBefore !== undefined)
}

function toIds(rows) {
  return rows
    .map(({ userId }) => userId)
    .sort()
    .join()
}

function toTime(random, firstDay, lastDay) {
  return new Date(Date.UTC(2024, 0, random.between(firstDay, lastDay))).toISOString()
}

function toMs(text) {
  return text === null ? null : Date.parse(text)
}
