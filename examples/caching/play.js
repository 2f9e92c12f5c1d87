import { waitUntil } from './wait-until.js'

export const ADA = '65a000000000000000000001'
export const EMAIL = 'ada@example.com'
export const VARIABLES = { userId: EMAIL, userIdType: 'EMAIL' }

/** Returns the factors of a user as a screen shows them, or `null` if this is no user. */
export function toFactors(user) {
  return user?.factors?.map(({ code, enabled }) => `${code} ${enabled ? 'on' : 'off'}`).join(', ') ?? null
}

/**
 * Plays an operator and somebody else: read, preview, change, conflict, a change in doubt, and the return to the page.
 * Returns what the screen, the cache and GenAuth say after each step.
 *
 * @param readCache returns what the client answers from its cache as `cached`, and a print of the cache
 */
export async function play({ server, browser, readCache }) {
  const { genauth, line } = server
  const steps = []

  async function waitFor(id, pattern) {
    await waitUntil(
      () => pattern.test(browser.text(id)),
      () => `${id} is "${browser.text(id)}", not ${pattern}`,
    )
  }
  async function note(step) {
    await waitUntil(
      () => !browser.isBusy(),
      () => 'the screen is busy',
    )
    steps.push({
      step,
      state: browser.text('state'),
      result: browser.text('result'),
      genauth: await genauth.readFactors(ADA),
      ...readCache(),
    })
  }
  async function click(button) {
    await waitUntil(
      () => browser.isEnabled(button),
      () => `${button} cannot be clicked`,
    )
    browser.click(button)
  }
  async function preview() {
    await click('preview')
    await waitFor('result', /^would be/)
  }

  await waitFor('state', /SMS on/)
  await note('read')

  line.hold()
  browser.focus()
  await waitUntil(
    () => browser.isBusy(),
    () => 'the screen does not read',
  )
  steps[0].letsChangeWhileReading = browser.isEnabled('preview') || browser.isEnabled('apply')
  line.release()

  await preview()
  await note('preview')

  await click('apply')
  await waitFor('result', /^changed/)
  await waitFor('state', /SMS off/)
  await note('change')

  await preview()
  await genauth.switchFactor(ADA, 'OTP', false)
  await click('apply')
  await waitFor('result', /^(?!would be)./)
  await waitFor('state', /OTP off/)
  await note('conflict')

  await preview()
  line.cutAtNextWrite()
  await click('apply')
  await waitFor('state', /^(?!.*SMS)./)
  await note('change in doubt')

  line.restore()
  await waitUntil(
    () => {
      if (/SMS/.test(browser.text('state'))) return true
      browser.focus()
      return false
    },
    () => `the state is "${browser.text('state')}"`,
  )
  await note('focus')

  await genauth.switchFactor(ADA, 'OTP', true)
  browser.focus()
  await waitFor('state', /OTP on/)
  await note('changed by somebody else, focus')
  return steps
}
