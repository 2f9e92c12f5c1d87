import { GATEWAYS } from './gateways.js'
import { startMfa } from './mfa-subgraph.js'
import { startUsers } from './users-subgraph.js'

const users = await startUsers('USER_ID')
const mfa = await startMfa()
const subgraphs = [
  { name: 'users', ...users },
  { name: 'mfa', ...mfa },
]
for (const [name, start] of Object.entries(GATEWAYS)) {
  const gateway = await start(subgraphs)
  console.log(`${name}: ${gateway.url}`)
}
console.log(`authorization: Bearer ${mfa.tokens.admin}`)
