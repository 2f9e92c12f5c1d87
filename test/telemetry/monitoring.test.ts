import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { startApp } from '../support/app.ts'
import { hasPrometheus, startPrometheus } from '../support/prometheus.ts'

const FOLDER = new URL('../../docs/monitoring/', import.meta.url)
const RULES_FILE = fileURLToPath(new URL('alert-rules.yml', FOLDER))
const dashboard = z
  .object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
  })
  .parse(JSON.parse(readFileSync(new URL('grafana-dashboard.json', FOLDER), 'utf8')))

const ADA = '65a000000000000000000001'
const READ = `{ userMfa(userId: "${ADA}") { __typename } }`
const SET = (change: string) =>
  `mutation { setUserMfaStatus(input: { userId: "${ADA}", ${change}: [EMAIL] }) { __typename } }`

/** Starts an app with metrics, and with a store, which has metrics of its own. */
function startMeasured() {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return startApp({ env: { METRICS_PORT: '0', STORE_URL: `file:${join(folder, 'store.db')}` } })
}

if (!hasPrometheus) console.log('Prometheus is not installed: the dashboard and the alert rules are not run.')

it('every metric of ours is on the dashboard or alerted on, and no other is asked for', async () => {
  await using app = await startMeasured()
  const text = await (await fetch(app.metricsUrl ?? '')).text()
  const there = [...text.matchAll(/^# TYPE (genauth_graphql_\w+)/gm)].map(([, name]) => name)
  const asked = JSON.stringify(dashboard) + readFileSync(RULES_FILE, 'utf8')
  const names = [...asked.matchAll(/genauth_graphql_[a-z_]+/g)].map(([name]) =>
    name.replace(/_(bucket|count)$/, ''),
  )
  expect([...new Set(names)].toSorted()).toEqual(there.toSorted())
})

/** As Grafana fills it in. */
function toQuery(expression: string): string {
  return expression.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m')
}

/** What an alert looks at: its value even where it is no reason to alert. */
function withoutThreshold(expression: string): string {
  const bare = expression.replace(/ (>|==) ([\d.]+)$/, ' $1 bool $2')
  expect(bare).not.toBe(expression)
  return bare
}

it.runIf(hasPrometheus)(
  'every query of the dashboard and of the alert rules returns data, and no alert is due',
  { tags: 'long' },
  async () => {
    await using app = await startMeasured()
    const { host } = new URL(app.metricsUrl ?? '')
    await using prometheus = await startPrometheus({ target: host, rulesFile: RULES_FILE })
    const rules = await prometheus.rules()
    expect(rules.length).toBeGreaterThan(5)
    const queries = [
      ...dashboard.panels.flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({ name: title, query: toQuery(expr) })),
      ),
      ...rules.map(({ name, query }) => ({ name, query: withoutThreshold(query) })),
    ]

    const ask = async () => {
      await app.graphql(READ)
      await app.graphql(SET('enable'))
      await app.graphql(SET('disable'))
      await app.graphql('{ nothing }')
    }
    /** Those without a value; a rate needs two looks with something between them. */
    const empty = async () => {
      await ask()
      const values = await Promise.all(queries.map(({ query }) => prometheus.query(query)))
      return queries.filter((_, index) => !values[index]?.some(value => !Number.isNaN(value)))
    }
    await expect.poll(empty, { timeout: 10_000, interval: 300 }).toEqual([])
    const due = async () => {
      const values = await Promise.all(rules.map(({ query }) => prometheus.query(query)))
      return rules.filter((_, index) => values[index]?.length !== 0)
    }
    await expect.poll(due).toEqual([])
  },
)
