// Goes on with a scan in the store of the first argument until it is killed or done, as a job would. It prints the
// number of each page that is stored.
import { systemClock } from '../../dist/base/clock.js'
import { createStore } from '../../dist/store/create-store.js'
import { parseStoreUrl } from '../../dist/store/store-target.js'

const [url, id, pages, rowsPerPage] = process.argv.slice(2)
const log = { info() {}, error: (...what) => process.stderr.write(`${JSON.stringify(what)}\n`) }
const { target } = parseStoreUrl(url)
const { scans } = await createStore({
  target,
  isAlone: false,
  userPoolId: () => null,
  clock: systemClock,
  log,
})
const { claim } = await scans.claim(id, Date.now())

for (let page = Number(claim.position ?? -1) + 1; page < pages; page++) {
  const rows = Array.from({ length: rowsPerPage }, (_, n) => ({
    userId: `u${page * rowsPerPage + n}`,
    status: 'ACTIVATED',
    departmentIds: [`d${n % 3}`],
    bindings: null,
    enabledFactors: null,
    posture: null,
    lastMfaAtMs: null,
    lastSignInAtMs: null,
    readAtMs: Date.now(),
  }))
  const counts = { expected: pages * rowsPerPage, unreadable: 0, upstreamCalls: 1 }
  await scans.storePage(claim, { rows, ...counts, position: `${page}` })
  process.stdout.write(`${page}\n`)
}
process.exit(0)
