// Takes the pictures of docs/console.md: every screen, in each language and theme. Run it after `npm run build`. It
// starts the built server with its sandbox, and needs Chromium and a Chinese font.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { env, execPath, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = `${ROOT}docs/console`
/** The pictures are part of every clone. If a screen grows, lower the quality. */
const BUDGET_BYTES = 1_600_000
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const LANGUAGES = { en: 'en', zh: 'zh-CN' }
const THEMES = ['light', 'dark']
const ID = '65a0000000000000000000'
const SEVERAL = [1, 2, 3, 4, 5, 6, 7, 8].map(place => `${ID}0${place}`).join()

const show = (page, selector) => page.locator(selector).first().waitFor()
/** Puts a part of the screen at the top of the picture. */
const scrollTo = (page, selector) =>
  page
    .locator(selector)
    .first()
    .evaluate(found => found.scrollIntoView())

/** Each screen: its path below the console, and what leads to the state of the picture. */
const SCREENS = {
  find: ['', find],
  user: [`users/${ID}01`, page => show(page, 'table')],
  change: [`users/${ID}01`, change],
  history: [
    `users/${ID}05?history=open`,
    async page => {
      await show(page, '.history-entry .button:not(.quiet)')
      await scrollTo(page, '.history')
    },
  ],
  coverage: ['coverage', page => show(page, 'main a[href*="/users/"]')],
  policy: ['policy', page => show(page, 'tbody')],
  'several-users': [`several-users?ids=${SEVERAL}`, changeSeveral],
  rights: ['rights', page => show(page, 'tbody')],
}

async function find(page) {
  await page.getByRole('searchbox').fill('an')
  await page.getByRole('searchbox').press('Enter')
  await show(page, 'tbody a[href*="/users/"]')
}

/** Previews that the first factor is switched off. */
async function change(page) {
  await page.locator('main .button.main').first().click()
  await page.locator('.change input[type=checkbox]').first().click()
  await page.locator('.change button[type=submit]').click()
  await show(page, '.preview')
  await scrollTo(page, '.change')
}

async function changeSeveral(page) {
  await page.locator('.choice-grid select').nth(0).selectOption('OFF')
  await page.locator('.choice-grid select').nth(2).selectOption('ON')
  await page.locator('.form button[type=submit]').click()
  await show(page, '.change > .badges')
}

/** Makes the history of one person, and a finished scan. */
async function prepare(page, url) {
  await signIn(page, `${url}/console/users/${ID}05`)
  await change(page)
  await page.locator('.change textarea, .change input:not([type=checkbox])').last().fill('Lost phone')
  await page.getByRole('button', { name: 'Make the change' }).click()
  await page.getByRole('heading', { name: 'The change was made' }).waitFor()
  await page.goto(`${url}/console/coverage`)
  await page.getByRole('button', { name: 'Start a scan' }).click()
  await page.locator('dialog button[type=submit]').click()
  await page.getByText('The rows are exactly the population').waitFor({ timeout: 60_000 })
}

async function signIn(page, address) {
  await page.goto(address)
  await page.locator('button[value=lead]').click()
  await page.getByRole('heading', { level: 1 }).waitFor()
}

/** Starts the server, and resolves to its address once it is ready. */
async function serve() {
  const settings = {
    PORT: '0',
    SANDBOX_PORT: '0',
    SANDBOX_USERS: '64',
    RATE_LIMITS: 'off',
    // Any sign-in will do.
    AUTH_STEP_UP_MAX_AGE_S: '86400',
  }
  const child = spawn(execPath, [`${ROOT}dist/bundle/main.js`], { env: { PATH: env.PATH, ...settings } })
  const url = await new Promise((resolve, reject) => {
    let text = ''
    // It is read to its end, because the server makes no change whose record nobody takes.
    child.stdout.on('data', chunk => {
      text += chunk
      const [, found] = /"console":"([^"]+)\/console"/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`The server did not start: ${text}`)))
  })
  return { child, url }
}

async function take(page, name) {
  const path = `${FOLDER}/${name}.jpg`
  await page.evaluate(() => document.activeElement?.blur())
  await page.screenshot({ path, type: 'jpeg', quality: 35, animations: 'disabled' })
  const { size } = statSync(path)
  stdout.write(`${name}: ${(size / 1_000).toFixed(1)} KB\n`)
  return size
}

mkdirSync(FOLDER, { recursive: true })
const { child, url } = await serve()
const exited = once(child, 'exit')
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const browser = await chromium.launch({ executablePath: BROWSERS.find(existsSync), args })
let total = 0
try {
  await prepare(await browser.newPage(), url)
  for (const [short, locale] of Object.entries(LANGUAGES)) {
    for (const colorScheme of THEMES) {
      const viewport = { width: 1_100, height: 800 }
      const context = await browser.newContext({ viewport, locale, colorScheme })
      const page = await context.newPage()
      const name = screen => `${screen}-${short}-${colorScheme}`
      await page.goto(`${url}/console/?lang=${locale}`)
      await show(page, 'button[value=lead]')
      total += await take(page, name('sign-in'))
      await signIn(page, `${url}/console/?lang=${locale}`)
      for (const [screen, [path, lead]] of Object.entries(SCREENS)) {
        await page.goto(`${url}/console/${path}${path.includes('?') ? '&' : '?'}lang=${locale}`)
        await lead(page)
        total += await take(page, name(screen))
      }
      await context.close()
    }
  }
} finally {
  await browser.close()
  child.kill()
  await exited
}
stdout.write(`All: ${(total / 1_000).toFixed(0)} of ${BUDGET_BYTES / 1_000} KB\n`)
if (total > BUDGET_BYTES) throw new Error('The pictures are over the budget')
