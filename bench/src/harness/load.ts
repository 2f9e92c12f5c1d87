import { connect, type HttpAnswer, type HttpConnection } from './http-connection.ts'

/** A request with the only response that counts. */
export interface Exchange {
  readonly request: Buffer
  readonly expected: Buffer
}

/** The requests of one connection, sent in order and over again. */
export type Script = readonly Exchange[]

export interface LoadResult {
  readonly answers: number
  readonly durationMs: number
  /** One latency for each response. */
  readonly latenciesMs: readonly number[]
}

/** Observes the subject right before the first measured request and right after the last response. */
export interface Watch {
  readonly onStart?: () => void
  readonly onEnd?: () => void
}

const TICK_MS = 1

/** The extent of a closed loop. It goes on until both are reached, so that a busy machine shortens nothing. */
export interface Extent {
  readonly durationMs: number
  readonly answers: number
}

/**
 * Runs a closed loop: each connection sends its next request when it has the response to the one before. One request on
 * each connection goes ahead unmeasured.
 *
 * @throws at the first response that is not the expected one
 */
export async function runClosedLoop(
  url: string,
  scripts: readonly Script[],
  { durationMs, answers }: Extent,
  watch: Watch = {},
): Promise<LoadResult> {
  return withConnections(url, scripts, async workers => {
    const latenciesMs: number[] = []
    watch.onStart?.()
    const startedAtMs = performance.now()
    const endsAtMs = startedAtMs + durationMs
    await Promise.all(
      workers.map(async send => {
        let sentAtMs = performance.now()
        while (sentAtMs < endsAtMs || latenciesMs.length < answers) {
          await send()
          const nowMs = performance.now()
          latenciesMs.push(nowMs - sentAtMs)
          sentAtMs = nowMs
        }
      }),
    )
    watch.onEnd?.()
    return { answers: latenciesMs.length, durationMs: performance.now() - startedAtMs, latenciesMs }
  })
}

/**
 * Runs an open loop: requests fall due at a steady rate, whatever became of the earlier ones. A request that finds no
 * connection free waits, and that wait counts as latency.
 *
 * @throws at the first response that is not the expected one
 */
export async function runOpenLoop(
  url: string,
  scripts: readonly Script[],
  { ratePerS, durationMs }: { readonly ratePerS: number; readonly durationMs: number },
  watch: Watch = {},
): Promise<LoadResult> {
  return withConnections(url, scripts, async workers => {
    const latenciesMs: number[] = []
    const free = [...workers]
    const due: number[] = []
    const underWay = new Set<Promise<void>>()

    async function serve(send: () => Promise<void>, dueAtMs: number): Promise<void> {
      for (let at: number | undefined = dueAtMs; at !== undefined; at = due.shift()) {
        await send()
        latenciesMs.push(performance.now() - at)
      }
      free.push(send)
    }

    watch.onStart?.()
    const startedAtMs = performance.now()
    let asked = 0
    await new Promise<void>((resolve, reject) => {
      const timer = setInterval(() => {
        const nowMs = performance.now()
        const elapsedMs = Math.min(nowMs - startedAtMs, durationMs)
        for (; asked < (elapsedMs * ratePerS) / 1_000; asked++) {
          const send = free.pop()
          if (send === undefined) due.push(nowMs)
          else track(serve(send, nowMs), reject)
        }
        if (elapsedMs < durationMs) return
        clearInterval(timer)
        resolve()
      }, TICK_MS)
    })
    await Promise.all(underWay)
    watch.onEnd?.()
    return { answers: latenciesMs.length, durationMs: performance.now() - startedAtMs, latenciesMs }

    function track(work: Promise<void>, reject: (error: unknown) => void): void {
      underWay.add(work)
      work.then(() => underWay.delete(work), reject)
    }
  })
}

async function withConnections<T>(
  url: string,
  scripts: readonly Script[],
  run: (workers: readonly (() => Promise<void>)[]) => Promise<T>,
): Promise<T> {
  const connections = await Promise.all(scripts.map(() => connect(url)))
  try {
    const workers = connections.map((connection, index) => createWorker(connection, scripts[index] ?? []))
    await Promise.all(workers.map(send => send()))
    return await run(workers)
  } finally {
    for (const connection of connections) connection.close()
  }
}

function createWorker(connection: HttpConnection, script: Script): () => Promise<void> {
  let next = 0
  return async () => {
    const exchange = script[next]
    if (exchange === undefined) throw new Error('A script has no exchange')
    next = (next + 1) % script.length
    check(await connection.send(exchange.request), exchange)
  }
}

/** This server turns requests away while the machine leaves its event loop no time. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'
}

function check({ status, body }: HttpAnswer, { expected }: Exchange): void {
  if (status === 503)
    throw new OverloadedError('A subject is overloaded: the machine has too much other work')
  if (status !== 200 || !body.equals(expected)) {
    throw new Error(
      `An answer differs from the one before: status ${status}, ${body.toString().slice(0, 500)}`,
    )
  }
}
