interface Original {
  readonly systemClock: { after(ms: number, work: () => void): object }
}

/** The waits for a deadline or a timeout are longer, and those that a measurement needs are shorter. */
const LONGEST_MS = 2_000
const NO_TIMER = { cancel() {}, unref: () => NO_TIMER }

/** Starts no timer of a deadline. */
export const systemClock = ({ systemClock: clock }: Original) => ({
  ...clock,
  after: (ms: number, work: () => void) => (ms > LONGEST_MS ? NO_TIMER : clock.after(ms, work)),
})
