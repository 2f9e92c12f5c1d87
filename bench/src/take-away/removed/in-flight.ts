const WORK = { onWait: () => () => {}, end() {} }

/** Counts no request. */
export const createInFlightRequests = () => () => ({
  begin: () => WORK,
  underWay: 0,
  inFlight: 0,
  async idle() {},
})
