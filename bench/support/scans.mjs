// Starts, watches and reads scans through the GraphQL endpoint, as a caller does.
import { sleep } from './layer.mjs'

const SCAN = `fragment scan on MfaCoverageScan { id createdAt status depth isWhole expected seen unreadable upstreamCalls failure }`
const START = `${SCAN} mutation ($input: StartMfaCoverageScanInput!) { startMfaCoverageScan(input: $input) {
  __typename ... on StartMfaCoverageScanSuccess { started scan { ...scan } }
  ... on MfaInvalidInputError { fieldErrors { path } } ... on MfaError { code message } } }`
const CANCEL = `mutation ($input: CancelMfaCoverageScanInput!) { cancelMfaCoverageScan(input: $input) { __typename } }`
const LOOK = id => `${SCAN} query { mfaCoverage(scanId: "${id}") { __typename ... on MfaError { code message }
  ... on MfaCoverage { scan { ...scan } } } }`
const ROWS =
  id => `query ($filter: MfaCoverageFilter, $orderBy: MfaCoverageOrder!, $first: Int!, $after: String) {
  mfaCoverage(scanId: "${id}", filter: $filter) { __typename ... on MfaCoverage {
    summary { users withoutBoundFactor neverVerified byPosture { posture count } byFactor { type bound enabled }
      byDepartment { departmentId users withoutBoundFactor } }
    rows(first: $first, after: $after, orderBy: $orderBy) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { userId status departmentIds
        boundFactors enabledFactors posture lastMfaAt lastSignInAt readAt } } } } } }`
const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED']

/** @param post sends a document as one caller, as `layer.poster` returns it */
export function createScans(post) {
  async function ask(field, query, variables) {
    const { status, data, errors } = await post(query, variables)
    const payload = data?.[field]
    if (payload === undefined || payload === null) {
      throw new Error(`${field}: ${status} ${JSON.stringify(errors)}`)
    }
    return payload
  }

  return {
    async start(input) {
      const payload = await ask('startMfaCoverageScan', START, { input })
      if (payload.scan === undefined) throw new Error(`not started: ${JSON.stringify(payload)}`)
      return payload.scan
    },
    cancel: id => ask('cancelMfaCoverageScan', CANCEL, { input: { id } }),
    async look(id) {
      const payload = await ask('mfaCoverage', LOOK(id), {})
      if (payload.scan === undefined) throw new Error(`no scan: ${JSON.stringify(payload)}`)
      return payload.scan
    },
    /** Waits until a scan has ended, and returns it. */
    async untilEnded(id, { withinMs = 60_000, everyMs = 50 } = {}) {
      const endsAtMs = performance.now() + withinMs
      for (;;) {
        const scan = await this.look(id)
        if (ENDED.includes(scan.status)) return scan
        if (performance.now() > endsAtMs) throw new Error(`The scan does not end: ${JSON.stringify(scan)}`)
        await sleep(everyMs)
      }
    },
    /**
     * Returns all rows of a filter, read page by page, and the counts of the scan. If the server refuses the filter,
     * `fault` is the name of the payload.
     */
    async read(id, { filter = null, orderBy = 'SCANNED', first = 50 } = {}) {
      const rows = []
      let after = null
      for (;;) {
        const payload = await ask('mfaCoverage', ROWS(id), { filter, orderBy, first, after })
        if (payload.rows === undefined) return { fault: payload.__typename }
        const { summary, rows: page } = payload
        rows.push(...page.edges.map(({ node }) => node))
        if (!page.pageInfo.hasNextPage) return { rows, summary, totalCount: page.totalCount }
        after = page.pageInfo.endCursor
      }
    },
  }
}
