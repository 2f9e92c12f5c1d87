// Loaded into an instrumented server before it starts (`--import`). It records the entered functions in
// order, from the message `begin` to the message `end`, and returns their numbers.
import process from 'node:process'

let entered = null
globalThis.enterFunction = number => entered?.push(number)
process.on('message', message => {
  if (message === 'begin') {
    entered = []
    process.send('begun')
  }
  if (message === 'end') {
    process.send(entered)
    entered = null
  }
})
// The channel alone does not keep a server running.
process.channel.unref()
