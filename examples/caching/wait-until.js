const TRIES = 400
const PAUSE_MS = 25

/** Waits until `isSo` returns `true`. Throws after 10 seconds, with the text of `describe`. */
export async function waitUntil(isSo, describe) {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === TRIES) throw new Error(`Not so after 10 seconds: ${describe()}`)
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
}
