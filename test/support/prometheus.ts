import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { endWithParent } from './end-with-parent.ts'
import { findFreePort } from './free-port.ts'

/** Debian's package has both programs, and `.ci/run` installs it. */
export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0

export interface Prometheus extends AsyncDisposable {
  /** Returns the values of an instant query, one for each series. */
  query(expression: string): Promise<number[]>
  /** Returns the alert rules that were loaded, each with its expression. */
  rules(): Promise<{ readonly name: string; readonly query: string }[]>
}

export interface StartPrometheusOptions {
  /** Host and port. */
  readonly target: string
  readonly rulesFile: string
}

const vectorSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
})
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), query: z.string() })) })),
  }),
})

/** Starts a real Prometheus that scrapes one server more than twice a second. */
export async function startPrometheus({ target, rulesFile }: StartPrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
  const config = {
    global: { scrape_interval: '400ms', scrape_timeout: '400ms', evaluation_interval: '1s' },
    rule_files: [rulesFile],
    scrape_configs: [{ job_name: 'genauth-graphql', static_configs: [{ targets: [target] }] }],
  }
  // JSON is valid YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const port = await findFreePort()
  const child = endWithParent(
    spawn('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]),
  )
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const exited = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  await untilReady(url, child, () => stderr)

  async function ask(path: string, parameters: Record<string, string>): Promise<unknown> {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method: path === 'query' ? 'POST' : 'GET',
      ...(path === 'query' ? { body: new URLSearchParams(parameters) } : {}),
    })
    const body: unknown = await answer.json()
    if (!answer.ok) throw new Error(JSON.stringify(body))
    return body
  }

  return {
    async query(expression) {
      const { data } = vectorSchema.parse(await ask('query', { query: expression }))
      return data.result.map(({ value }) => Number(value[1]))
    },
    async rules() {
      return rulesSchema.parse(await ask('rules', {})).data.groups.flatMap(({ rules }) => rules)
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

async function untilReady(url: string, child: ChildProcess, stderr: () => string): Promise<void> {
  for (;;) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${stderr()}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
