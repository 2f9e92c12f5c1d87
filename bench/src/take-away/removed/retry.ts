/** Makes each attempt a single time. */
export const createRetryStage = () => () => (next: unknown) => next
export const createRetryBudget = () => () => ({ earn() {}, spend: () => false })
