import process from 'node:process'
import { inspect } from 'node:util'
import { compilePage } from './compile-page.js'
import { openBrowser } from './open-browser.js'
import { playApollo } from './play-apollo.js'
import { playRelay } from './play-relay.js'
import { playUrql } from './play-urql.js'
import { startServer } from './start-server.js'

const CLIENTS = {
  'Apollo Client, cache.extract()': playApollo,
  'urql with Graphcache, asked with cache-only': playUrql,
  'Relay, the records of its store': playRelay,
}
const print = value => inspect(value, { depth: null, breakLength: 110, compact: 6 }).replaceAll(/^/gm, '    ')

compilePage()
const browser = openBrowser()
for (const [name, play] of Object.entries(CLIENTS)) {
  const server = await startServer()
  console.log(`\n# ${name}`)
  for (const { step, state, result, genauth, cached, cache } of await play(server, browser)) {
    console.log(`\n## ${step}\n`)
    console.log(`  GenAuth  ${genauth}`)
    console.log(`  screen   ${state}${state === genauth ? '   = GenAuth' : ''}`)
    console.log(`  cache    ${cached ?? 'no state'}${cached === genauth ? '   = GenAuth' : ''}`)
    console.log(`  result   ${result || 'none yet'}\n`)
    console.log(print(cache))
  }
  await server.close()
}
browser.close()
process.exit()
