/** Has room for every attempt. */
export const Bulkhead = () =>
  class {
    inFlight = 0
    isFullFor = () => false
    enter() {}
    leave() {}
  }
