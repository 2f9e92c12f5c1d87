// The parts of undici that the server uses. Its main file also loads its fetch, caches and WebSockets, which are more
// than half of it.
import api from 'undici/lib/api/index.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'

export { default as buildConnector } from 'undici/lib/core/connect.js'
export { default as errors } from 'undici/lib/core/errors.js'
export { default as Agent } from 'undici/lib/dispatcher/agent.js'
export { default as Pool } from 'undici/lib/dispatcher/pool.js'

// As in the main file.
Object.assign(Dispatcher.prototype, api)
