// A server that starts again after it was killed. Its callers wait for it.
const MOST_TRIES = 5

/** @param start starts a layer */
export async function startLastingServer(start) {
  let layer = await start()
  let poster = await layer.poster('caller')
  let ready = Promise.resolve()

  async function startAgain() {
    await layer.kill()
    await layer.close()
    layer = await start()
    poster = await layer.poster('caller')
  }

  return {
    /** Kills it, and starts it again. */
    kill() {
      ready = startAgain()
      return ready
    },
    /** Sends a document. It sends it again if the server was killed in that time. */
    async post(...request) {
      for (let tries = 1; ; tries++) {
        await ready
        const response = await poster(...request)
        // The code of a broken connection is a text.
        if (typeof response.status === 'number' || tries === MOST_TRIES) return response
        await new Promise(resolve => setImmediate(resolve))
      }
    },
    close: () => layer.close(),
  }
}
