// Creates a journal as the server writes it, about ten times as fast. All its writes are one write, repeated.
import { createHmac } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const BUFFER_BYTES = 4_194_304
const RUN = '00000000-0000-4000-8000-000000000000'
const USER_ID = '65b000000000000000000001'

const INTENT = {
  request: {
    requestId: '5d6f0a9e-5a3c-4d0e-9d0f-6a2b8c1d7e90',
    // Versions before tracing have the ID alone.
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isSampled: true },
    caller: { issuer: 'https://issuer.example.com', subject: 'agent-7', client: 'support-desk' },
  },
  given: { userId: USER_ID, userIdType: 'USER_ID' },
  genauthId: USER_ID,
  factorsBefore: [
    { code: 'SMS', enabled: true, sort: 0 },
    { code: 'OTP', enabled: true, sort: 1 },
  ],
  factorsAfter: [
    { code: 'SMS', enabled: false, sort: 0 },
    { code: 'OTP', enabled: true, sort: 1 },
  ],
  changedFields: [],
  revisionBefore: `r1.${'a'.repeat(43)}`,
  revisionIntended: `r1.${'b'.repeat(43)}`,
  reason: 'Lost phone, ticket 4711',
  revertOf: null,
  effects: ['WEAKENING'],
  railsPassed: ['OWN_USER'],
}

/** Loads the modules of the build that is to continue the journal. Only its segments need the last one. */
async function loadBuild(dist, hasSegments) {
  const load = name => import(pathToFileURL(join(dist, 'journal', name)))
  return {
    ...(await load('audit-key.js')),
    ...(await load('chain.js')),
    ...(await loadDrafts(load)),
    ...(hasSegments ? await load('files/segment-names.js') : {}),
  }
}

/** Version 0.2 had all of them in one file. */
async function loadDrafts(load) {
  const parts = ['user-drafts.js', 'life-drafts.js'].map(name => load(`records/${name}`))
  const found = await Promise.all(parts).catch(async () => [await load('to-record.js')])
  return Object.assign({}, ...found)
}

/** Returns the parts of a record's text around the values that its place in the chain decides. */
function toTemplate(chainRecord, keys, draft) {
  const place = { seq: 1, hash: 'f'.repeat(64) }
  const { line, position } = chainRecord(keys.chain, place, draft, RUN)
  const [head, rest] = line.split(`"hash":"${position.hash}",`)
  const [middle, tail] = rest.split(place.hash)
  const [beforeSeq, end] = tail.split('"seq":2,')
  return (prevHash, seq) => {
    const signed = `${middle}${prevHash}${beforeSeq}"seq":${seq},${end}`
    const hash = createHmac('sha256', keys.chain).update(`${head}${signed}`).digest('hex')
    return { line: `${head}"hash":"${hash}",${signed}\n`, hash }
  }
}

/**
 * Creates a journal of so many bytes, in one file or in segments.
 *
 * @param dist the folder of the build that writes it
 * @param segmentBytes `null` for one file, as versions without segments have written it
 * @returns how many files and records it has
 */
export async function makeJournal(dist, path, auditKey, bytes, segmentBytes = null) {
  const build = await loadBuild(dist, segmentBytes !== null)
  const { toAuditKeyring, CHAIN_START, chainRecord } = build
  const { toIntentDraft, toOutcomeDraft, toOpenedDraft, toCheckpointDrafts, toSealedPath } = build
  const [keys] = toAuditKeyring({ auditKeys: [auditKey], accessKeySecret: '' })
  const intent = toIntentDraft(keys, INTENT, Date.now())
  const outcome = { outcome: 'APPLIED', failure: null, upstreamRequestId: null }
  const templates = [
    toTemplate(chainRecord, keys, intent),
    toTemplate(chainRecord, keys, toOutcomeDraft(intent.id, outcome, Date.now(), 12)),
  ]
  let position = CHAIN_START
  const chain = draft => {
    const chained = chainRecord(keys.chain, position, draft, RUN)
    position = chained.position
    return `${chained.line}\n`
  }
  const count = segmentBytes === null ? 1 : Math.ceil(bytes / segmentBytes)
  for (let number = 1; number <= count; number++) {
    const file = openSync(number === count ? path : toSealedPath(path, number), 'wx', 0o600)
    const now = Date.now()
    let lines =
      number === 1 ? chain(toOpenedDraft(0, now)) : chain(toCheckpointDrafts(number, keys, [], now)[0])
    for (let written = 0; written < bytes / count; lines = '') {
      while (lines.length < Math.min(BUFFER_BYTES, bytes / count)) {
        for (const template of templates) {
          const { line, hash } = template(position.hash, position.seq + 1)
          lines += line
          position = { seq: position.seq + 1, hash }
        }
      }
      written += writeSync(file, lines)
    }
    closeSync(file)
  }
  return { files: count, records: position.seq }
}
