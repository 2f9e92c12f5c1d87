/** Lets every attempt in. */
export const Bulkhead = () =>
  class {
    inFlight = 0
    isFullFor = () => false
    enter() {}
    leave() {}
  }
