import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { hasPrometheus } from '../support/prometheus.ts'

const RULES_FILE = fileURLToPath(new URL('../../docs/monitoring/alert-rules.yml', import.meta.url))

/** Series over half an hour, a value each minute in promtool's notation: what must alert, and what must not. */
const CASES = [
  ['Down', { 'up{job="genauth-graphql"}': '0x30' }, { 'up{job="genauth-graphql"}': '1x30' }],
  [
    'NotReady',
    { 'genauth_graphql_not_ready{reason="JOURNAL"}': '1x30' },
    { 'genauth_graphql_not_ready{reason="STOPPING"}': '1x30' },
  ],
  ['JournalFails', { genauth_graphql_journal_failures_total: '0+1x30' }, {}],
  [
    'JournalBroken',
    {
      genauth_graphql_journal_broken_segments: '0x30',
      genauth_graphql_journal_unverified_segments: '0x20 1x10',
    },
    { genauth_graphql_journal_broken_segments: '0x30', genauth_graphql_journal_unverified_segments: '0x30' },
  ],
  [
    'IntentWithoutOutcome',
    { genauth_graphql_journal_oldest_open_intent_seconds: '0+60x30' },
    { genauth_graphql_journal_oldest_open_intent_seconds: '10x30' },
  ],
  [
    'WritesInDoubt',
    { 'genauth_graphql_writes_total{outcome="UNKNOWN"}': '0x20 1x10' },
    { 'genauth_graphql_writes_total{outcome="NOT_APPLIED"}': '0+9x30' },
  ],
  [
    'LocksNotShared',
    { 'genauth_graphql_unshared_locks_total{outcome="MADE"}': '0x20 1x10' },
    { 'genauth_graphql_unshared_locks_total{outcome="REFUSED"}': '3x30' },
  ],
  ['UpstreamFails', upstream({ OK: 80, TIMED_OUT: 20 }), upstream({ OK: 50, USER_NOT_FOUND: 50 })],
  [
    'BreakerOpen',
    { 'genauth_graphql_breaker_open{kind="WRITE"}': '1x30' },
    { 'genauth_graphql_breaker_open{kind="WRITE"}': '0x30' },
  ],
  ['CredentialsRefused', upstream({ OK: 9, REFUSED_CREDENTIALS: 2 }), upstream({ OK: 9 })],
  [
    'BudgetSpent',
    { 'genauth_graphql_upstream_not_sent_total{reason="NO_TURN"}': '0+120x30' },
    { 'genauth_graphql_upstream_not_sent_total{reason="NO_TIME"}': '0+120x30' },
  ],
  [
    'Sheds',
    { ...answers(1_000), 'genauth_graphql_errors_total{code="OVERLOADED",status="503"}': '0+20x30' },
    { ...answers(1_000), 'genauth_graphql_errors_total{code="BAD_REQUEST",status="400"}': '0+20x30' },
  ],
  [
    'StoreUnusable',
    { genauth_graphql_store_unusable: '1x30' },
    { genauth_graphql_store_unusable: '1x3 0x27' },
  ],
  [
    'HistoryBehind',
    { genauth_graphql_history_behind: '1x30' },
    { genauth_graphql_history_behind: '1x9 0x21' },
  ],
  [
    'ScanOld',
    { 'genauth_graphql_coverage_newest_whole_scan_age_seconds{instance="a"}': '172000+60x30' },
    { 'genauth_graphql_coverage_newest_whole_scan_age_seconds{instance="a"}': '100000+60x30' },
  ],
  ['Slow', durations({ '5': 90, '10': 100, '+Inf': 100 }), durations({ '5': 100, '10': 100, '+Inf': 100 })],
] as const

function upstream(perMinute: Readonly<Record<string, number>>): Record<string, string> {
  const name = 'genauth_graphql_upstream_request_duration_seconds_count'
  return Object.fromEntries(
    Object.entries(perMinute).map(([outcome, count]) => [`${name}{outcome="${outcome}"}`, `0+${count}x30`]),
  )
}

function answers(perMinute: number): Record<string, string> {
  return { 'genauth_graphql_responses_total{status="200"}': `0+${perMinute}x30` }
}

function durations(perMinute: Readonly<Record<string, number>>): Record<string, string> {
  const name = 'genauth_graphql_operation_duration_seconds_bucket'
  return Object.fromEntries(
    Object.entries(perMinute).map(([le, count]) => [
      `${name}{operation="query",le="${le}"}`,
      `0+${count}x30`,
    ]),
  )
}

/** Which alerts are firing after half an hour of these series. */
function firing(series: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'alert-rules-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const names = CASES.map(([name]) => `GenauthGraphql${name}`)
  const file = join(folder, 'test.yml')
  const inputs = Object.entries(series).map(([name, values]) => ({ series: name, values }))
  // Nothing is expected, so that promtool names what fires.
  const expectations = names.map(alertname => ({ eval_time: '30m', alertname, exp_alerts: [] }))
  const tests = [{ interval: '1m', input_series: inputs, alert_rule_test: expectations }]
  writeFileSync(file, JSON.stringify({ rule_files: [RULES_FILE], tests }))
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
  const found = [...`${stdout}${stderr}`.matchAll(/alertname: GenauthGraphql(\w+), time: 30m,/g)]
  // Else it could not read what it was given.
  expect(status === 0).toBe(found.length === 0)
  return found.map(([, name]) => name ?? '')
}

it.runIf(hasPrometheus).each(CASES)('%s fires when it should, and only then', (name, bad, good) => {
  expect(firing(bad)).toEqual([name])
  expect(firing(good)).toEqual([])
})
