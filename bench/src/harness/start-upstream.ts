import { z } from 'zod'
import { ask } from './http-connection.ts'
import { toScript } from './paths.ts'
import { DRIVER_CORE, startProcess } from './start-process.ts'

export interface Upstream extends AsyncDisposable {
  readonly url: string
  /** Returns the calls by endpoint since the last time. */
  takeCounts(): Promise<Readonly<Record<string, number>>>
}

const countsSchema = z.record(z.string(), z.number())

/** Starts the fast GenAuth in a process of its own. */
export async function startUpstream(logFile: string): Promise<Upstream> {
  const takeCounts = async (url: string) => {
    const { body } = await ask(url, { method: 'GET', path: '/counts' })
    return countsSchema.parse(JSON.parse(body.toString()))
  }
  const upstream = await startProcess(
    {
      name: 'upstream',
      nodePath: process.execPath,
      script: toScript('upstream.js'),
      core: DRIVER_CORE,
      env: {},
      logFile,
    },
    async url => (await takeCounts(url)) !== null,
  )
  return {
    url: upstream.url,
    takeCounts: () => takeCounts(upstream.url),
    [Symbol.asyncDispose]: upstream.stop,
  }
}
