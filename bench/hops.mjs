// Follows one operation through the code: functions entered, their files, and changes of file and of folder.
//
//   npm run build && node bench/hops.mjs [--list 'set with'] [--server dist/main.js]
//
// In a copy of the built server, each function reports its number when it is entered. The copy is warmed up,
// so that it knows the token, the document and the connections. Then single operations are recorded one by
// one, each about another user. The one with the fewest entries counts, because a timer's work can only add
// entries.
//
// A function that is entered again right after itself is one entry, so loops and recursion collapse. Only
// entries are counted, no returns. A folder is one directly below `src/`, with everything in it. `--list`
// also prints the entries of the kinds whose titles begin with the given text, in order.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { BUILT_SERVER, print, readOptions, startServer, startUpstream } from './stand.mjs'
import { copyInstrumented } from './support/instrument.mjs'

const options = readOptions({ list: '', server: BUILT_SERVER })
const PROBE = fileURLToPath(new URL('./support/hop-probe.mjs', import.meta.url))
const WARM_UP_TIMES = 20
const RECORDED_TIMES = 25
/** The line in the log is written after the response is sent, and belongs to the operation. */
const AFTER_ANSWER_MS = 5

const ERROR = '... on MfaError { code message retryable }'
const SET = `mutation Set($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) {
  __typename ... on SetUserMfaStatusSuccess { applied userMfa { factors { code } } } ${ERROR} } }`
const READ = `query Find($userId: String!) { userMfa(userId: $userId) {
  __typename ... on UserMfa { posture factors { code type enabled sort bound } } ${ERROR} } }`
const factors = [{ type: 'OTP' }, { type: 'SMS' }]
const triggerData = { mfaToken: 'bench-token', totpMfaEnabled: true }
/** The bodies of requests about a user, by title. */
const KINDS = {
  'set, a list of factors (one read, one write)': userId => ({
    query: SET,
    variables: { input: { userId, factors } },
  }),
  'set with mfaToken (one write)': userId => ({
    query: SET,
    variables: { input: { userId, factors, triggerData } },
  }),
  'userMfa, bound and posture (two reads)': userId => ({ query: READ, variables: { userId } }),
}
const DONE = /"applied":true|"posture":"PROTECTED"/

const toFolder = ({ file }) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'src')
const toFile = ({ file }) => file
const countChanges = (entries, toPlace) =>
  entries.filter((entry, at) => at > 0 && toPlace(entry) !== toPlace(entries[at - 1])).length

function toCounts(places) {
  const counts = new Map()
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1)
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([place, count]) => `${place} ${count}`)
    .join(', ')
}

const upstream = await startUpstream({ delayMs: 0 })
const { script, functions } = copyInstrumented(options.server)
const server = await startServer(upstream, {
  script,
  nodeArguments: ['--import', PROBE],
  // The limits are counted as by default, and never reached.
  env: { RATE_LIMITS: 'reads=9999,writes=9999,weakenings=9999,misses=9999' },
})
const pool = new Pool(server.url, { connections: 1 })
let users = 0

async function ask(toBody) {
  const { body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { authorization: `Bearer ${upstream.tokens[0]}`, 'content-type': 'application/json' },
    body: JSON.stringify(toBody((users++).toString(16).padStart(24, '0'))),
  })
  const text = await body.text()
  if (!DONE.test(text)) throw new Error(`Not done: ${text}`)
}

async function order(message) {
  server.child.send(message)
  return (await once(server.child, 'message'))[0]
}

async function record(kind) {
  await order('begin')
  await ask(kind)
  await new Promise(done => setTimeout(done, AFTER_ANSWER_MS))
  const numbers = await order('end')
  return numbers.filter((number, at) => number !== numbers[at - 1]).map(number => functions[number])
}

for (const kind of Object.values(KINDS)) for (let n = 0; n < WARM_UP_TIMES; n++) await ask(kind)
for (const [title, kind] of Object.entries(KINDS)) {
  const records = []
  for (let n = 0; n < RECORDED_TIMES; n++) records.push(await record(kind))
  const [entries] = records.sort((a, b) => a.length - b.length)
  const files = [...new Set(entries.map(toFile))]
  print(`${title}
  functions ${new Set(entries).size}, files ${files.length}, entries ${entries.length} (most ${records.at(-1).length})
  changes of file ${countChanges(entries, toFile)}, of folder ${countChanges(entries, toFolder)}
  entries by folder: ${toCounts(entries.map(toFolder))}
  files by folder: ${toCounts(files.map(file => toFolder({ file })))}`)
  if (options.list !== '' && title.startsWith(options.list)) {
    for (const { file, line, name } of entries) print(`    src/${file}:${line} ${name}`)
  }
}
await pool.close()
await server.stop()
upstream.stop()
