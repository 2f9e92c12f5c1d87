import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** How people may have set up their screens. */
const LOOKS = [
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const

const RUN = `axe.run(document).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`

/** Returns what axe-core finds on the page as it is: light, dark, and with forced colours. */
export async function findViolations(page: Page): Promise<unknown[]> {
  await page.evaluate(AXE)
  const found: unknown[] = []
  for (const look of LOOKS) {
    await page.emulateMedia(look)
    const violations: unknown = await page.evaluate(RUN)
    if (Array.isArray(violations)) found.push(...violations)
    else found.push('axe-core gave no result')
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null })
  return found
}
