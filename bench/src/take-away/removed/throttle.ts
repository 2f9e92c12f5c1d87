const GRANTED = { ok: true, value: { sent() {}, release() {} } }

/** Gives out a permit to everybody. */
export const Throttle = () =>
  class {
    waiting = 0
    waitingInBackground = 0
    requestsPerSecond = 0
    acquire = async () => GRANTED
    spend() {}
    slowDown() {}
  }
