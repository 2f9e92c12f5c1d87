import { createServer, request as send } from 'node:http'
import { listen } from './listen.js'

/**
 * Stands between the subgraph and the sandbox. It counts the calls, and lets a chosen call go wrong, because the
 * sandbox itself never fails.
 */
export async function startTap(sandboxUrl) {
  const calls = []
  const faults = new Map()
  const setAside = new Set()

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, sandboxUrl)
    const endpoint = pathname.split('/').at(-1)
    const isSetAside = setAside.has(searchParams.get('userId'))
    if (endpoint !== 'get-management-token' && !isSetAside) calls.push(endpoint)
    const body = await readAll(request)
    const fault = isSetAside ? undefined : faults.get(endpoint)?.shift()
    if (fault !== undefined) return fault(response, () => forward(request, body))
    const answer = await forward(request, body).catch(() => null)
    if (answer === null) return response.destroy()
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })

  function forward({ method, url, headers }, body) {
    return new Promise((resolve, reject) => {
      const { host: _tap, ...rest } = headers
      const forwarded = send(new URL(url, sandboxUrl), { method, headers: rest }, async answer => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: await readAll(answer) })
      })
      forwarded.on('error', reject)
      forwarded.end(body)
    })
  }

  const { url, close } = await listen(server)
  return {
    url,
    close,
    takeCalls: () => calls.splice(0).toSorted(),
    /** Sets the faults of the next calls of an endpoint, in order. */
    fail: (endpoint, ...next) => faults.set(endpoint, next),
    /**
     * Stops counting the reads of this user. If a write stayed in doubt, the server looks at its user again later, in
     * the background.
     */
    setAside: userId => setAside.add(userId),
  }
}

/** GenAuth refuses in its own envelope. */
export function refuse(statusCode) {
  return response => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ statusCode, message: 'no', requestId: 'upstream-1' }))
  }
}

/** GenAuth replies as it does. */
export async function pass(response, forward) {
  const { status, headers, body } = await forward()
  response.writeHead(status, headers).end(body)
}

/** The connection is lost before GenAuth receives the call. */
export function loseBefore(response) {
  response.destroy()
}

/** GenAuth has carried out the call, but the reply is lost. */
export async function loseAfter(response, forward) {
  await forward()
  response.destroy()
}

/** GenAuth has carried out the call, but a proxy sends another response. */
export async function timeOutAfter(response, forward) {
  await forward()
  response.writeHead(504, { 'content-type': 'text/html', 'retry-after': '1' }).end('<h1>Gateway Timeout</h1>')
}

async function readAll(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
