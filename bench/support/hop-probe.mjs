// Loaded into an instrumented server before it starts (`--import`): writes down which functions are entered, in order,
// from the message `begin` to the message `end`, and gives their numbers back.
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
// The channel alone keeps no server running.
process.channel.unref()
