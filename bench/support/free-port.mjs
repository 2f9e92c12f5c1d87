import { createServer } from 'node:net'

/** Returns a port of 127.0.0.1 on which nothing listens. */
export async function freePort() {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}
