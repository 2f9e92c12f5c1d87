import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { startApp } from '../support/app.ts'
import { startScan } from '../support/coverage-app.ts'

/** Of one user of the sandbox: what a scan sees in GenAuth's list and must keep nowhere. */
const ADA = {
  id: '65a000000000000000000001',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  phone: '13800000001',
}
const PERSONAL = [ADA.name, ADA.email, ADA.phone, ADA.phone.slice(2)]

const ENDED = /* GraphQL */ `
  query ($id: ID!) { mfaCoverage(scanId: $id) { ... on MfaCoverage { scan { status seen } } } }
`

async function readAll(folder: string): Promise<string> {
  const files = await readdir(folder)
  return (await Promise.all(files.map(file => readFile(join(folder, file), 'latin1')))).join('\n')
}

it('A scan keeps no name, phone or e-mail address: not in the store, the exports, the log or the journal.', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'private-'))
  try {
    await using app = await startApp({
      claims: { scope: 'mfa:report mfa:read' },
      env: { STORE_URL: `file:${join(folder, 'store.db')}` },
    })
    const { scan } = await startScan(app, { depth: 'FULL', budgetShare: 1 })
    await vi.waitUntil(
      async () => {
        const { data } = await app.graphql(ENDED, { id: scan.id })
        return data.mfaCoverage.scan.status === 'SUCCEEDED'
      },
      { timeout: 20_000, interval: 50 },
    )
    const found = await app.graphql(`{ findMfaUsers(search: "${ADA.phone}") {
      ... on FindMfaUsersSuccess { people { id displayName } } } }`)
    expect(found.data.findMfaUsers.people).toEqual([{ id: ADA.id, displayName: ADA.name }])

    const path = `/exports/mfa-coverage/${scan.id}`
    const exported = [await app.fetch(`${path}.csv`), await app.fetch(`${path}.jsonl`)]
    for (const { status, text } of exported) {
      expect(status).toBe(200)
      expect(text).toContain(ADA.id)
    }
    const kept = {
      store: await readAll(folder),
      exports: exported.map(({ text }) => text).join('\n'),
      log: JSON.stringify(app.log),
      journal: JSON.stringify(app.journal),
    }
    for (const [where, text] of Object.entries(kept)) {
      expect(text.length).toBeGreaterThan(100)
      for (const word of PERSONAL) expect(text.includes(word), `${word} in the ${where}`).toBe(false)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
