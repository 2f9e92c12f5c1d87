import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../../src/host.ts'
import { SANDBOX_ACCESS_KEY_SECRET } from '../../../src/sandbox/sandbox.ts'
import { findFreePort } from '../../support/free-port.ts'
import { startTcpSwitch, type TcpSwitch } from '../../support/tcp-switch.ts'
import { CHROMIUM, type ConsoleWorld, openConsole, startServer } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const ADA = '65a000000000000000000001'

describe.skipIf(CHROMIUM === null)('the console while GenAuth is down', () => {
  let world: ConsoleWorld
  let genauth: TcpSwitch
  let server: App
  let sandboxPort: number

  beforeAll(async () => {
    world = await openConsole()
    const sandboxUrl = world.app.sandboxUrl ?? ''
    sandboxPort = Number(new URL(sandboxUrl).port)
    genauth = await startTcpSwitch(sandboxPort)
    server = await startServer({
      GENAUTH_URL: `http://127.0.0.1:${genauth.port}`,
      GENAUTH_ACCESS_KEY_ID: 'sandbox-access-key-id',
      GENAUTH_ACCESS_KEY_SECRET: SANDBOX_ACCESS_KEY_SECRET,
      AUTH_ISSUER: `${sandboxUrl}/sandbox`,
      AUTH_JWKS_URL: `${sandboxUrl}/sandbox/jwks`,
      AUTH_AUDIENCE: 'genauth-graphql',
      CONSOLE_CLIENT_ID: 'genauth-console',
    })
  }, 120_000)
  afterAll(async () => {
    await server.close()
    await genauth[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  it(
    'keeps the last known state with its time, changes nothing, and goes on when GenAuth is back',
    LONG,
    async () => {
      await using visit = await world.visit({ url: server.url, path: `users/${ADA}` })
      const { page, faults } = visit
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor()
      await page.getByRole('button', { name: 'Change factors' }).click()
      await page.getByRole('checkbox', { name: 'One-time password is on' }).click()
      await page.getByRole('button', { name: 'Preview' }).click()
      const down = page.getByRole('heading', { name: 'GenAuth could not be used' })
      const makeTheChange = page.getByRole('button', { name: 'Make the change' })
      await makeTheChange.waitFor()

      genauth.leadTo(await findFreePort())
      genauth.cut()
      await makeTheChange.click()
      await down.waitFor()
      await page.getByText('Nothing was changed.').waitFor()
      expect(await page.getByRole('heading', { name: 'The change was made' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Cancel' }).click()
      await expect.poll(() => down.count()).toBe(0)
      await page.getByRole('button', { name: 'Look again' }).first().click()
      await down.waitFor()
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor()

      genauth.leadTo(sandboxPort)
      await expect
        .poll(
          async () => {
            await page.getByRole('button', { name: 'Look again' }).first().click()
            return down.count()
          },
          { timeout: 30_000, interval: 1_000 },
        )
        .toBe(0)
      expect(faults).toEqual([])
    },
  )
})
