import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname } from 'node:path'

const BUILT = new URL('../dist/', import.meta.url)
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * Serves the built page on a free port, as a server of static files would. The address of the GraphQL server stands in
 * the page, and is set here once it is known.
 */
export async function servePage() {
  let graphqlUrl = ''
  const server = createServer(({ url }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1)
    try {
      const file = readFileSync(new URL(name, BUILT))
      response.writeHead(200, { 'content-type': `${TYPES[extname(name)]}; charset=utf-8` })
      const isPage = name === 'index.html'
      response.end(isPage ? String(file).replace('http://127.0.0.1:4000/graphql', graphqlUrl) : file)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    setGraphqlUrl(url) {
      graphqlUrl = url
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
