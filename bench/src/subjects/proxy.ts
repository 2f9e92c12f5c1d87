import { createServer } from 'node:http'
import { Pool } from 'undici'

/** The unit of comparison. It forwards a request to the upstream and the response back, and knows nothing of either. */

const upstream = new Pool(process.env['UPSTREAM_URL'] ?? '', { connections: 64 })

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const isPost = request.method === 'POST'
  const answer = await upstream.request({
    method: isPost ? 'POST' : 'GET',
    path: request.url ?? '/',
    headers: {
      accept: 'application/json',
      authorization: request.headers.authorization ?? '',
      ...(isPost ? { 'content-type': 'application/json' } : {}),
    },
    body: isPost ? Buffer.concat(chunks) : null,
  })
  const body = Buffer.from(await answer.body.arrayBuffer())
  response.writeHead(answer.statusCode, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
})

server.listen(Number(process.env['PORT']), '127.0.0.1')
