import { once } from 'node:events'
import { createServer, request as send } from 'node:http'

/** The connection from the server to GenAuth. */
export async function startLine(sandboxUrl) {
  let isCut = false
  let isWriteLost = false
  let released = Promise.resolve()
  let release = () => {}
  const line = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    await released
    const isLost = isWriteLost && request.url.includes('/set-mfa-status')
    if (isCut) return response.destroy()
    if (isLost) isCut = true
    const { host: _line, ...headers } = request.headers
    const forwarded = send(
      new URL(request.url, sandboxUrl),
      { method: request.method, headers },
      async reply => {
        const text = Buffer.concat(await reply.toArray())
        if (isLost) response.destroy()
        else response.writeHead(reply.statusCode, reply.headers).end(text)
      },
    )
    forwarded.on('error', () => response.destroy())
    forwarded.end(body)
  })
  await once(line.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${line.address().port}`,
    /** GenAuth carries out the next write, but its reply is lost, and so is each call after it. */
    cutAtNextWrite: () => {
      isWriteLost = true
    },
    /** Lets calls wait until `release`. */
    hold: () => {
      released = new Promise(resolve => {
        release = resolve
      })
    },
    release: () => release(),
    restore: () => {
      isCut = false
      isWriteLost = false
    },
    close: () => line.close().closeAllConnections(),
  }
}
