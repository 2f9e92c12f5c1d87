import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScanStore } from '../../src/coverage/scan-store.ts'
import { type Json, type StartAppOptions, startApp, type TestApp } from './app.ts'
import { openStore } from './stores.ts'

/** Starts an app whose store is a file that a test has filled before. */
export async function startCoverageApp(
  options: StartAppOptions = {},
  fill: (scans: ScanStore) => Promise<void> = async () => {},
): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'coverage-'))
  const path = join(folder, 'store.db')
  const opened = await openStore({ kind: 'file', path })
  await fill(opened.store.scans)
  await opened.store.close()
  const env = { STORE_URL: `file:${path}`, ...options.env }
  const app = await startApp({ ...options, env })
  const close = app[Symbol.asyncDispose].bind(app)
  return Object.assign(app, {
    async [Symbol.asyncDispose]() {
      await close()
      await rm(folder, { recursive: true })
    },
  })
}

/** All that a scan says of itself. */
export const SCAN_FIELDS =
  'id status failure depth budgetShare createdAt startedAt finishedAt expected seen unreadable upstreamCalls isWhole'

const START = /* GraphQL */ `
  mutation ($input: StartMfaCoverageScanInput!) {
    startMfaCoverageScan(input: $input) {
      __typename
      ... on StartMfaCoverageScanSuccess { started scan { ${SCAN_FIELDS} } }
      ... on MfaError { code message retryable }
      ... on MfaInvalidInputError { fieldErrors { path message } }
      ... on MfaRateLimitedError { origin }
    }
  }
`

/** Starts a scan as a security lead would. */
export async function startScan(app: TestApp, input: object = {}): Promise<Json> {
  const { data, errors } = await app.graphql(START, { input })
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return data.startMfaCoverageScan
}
