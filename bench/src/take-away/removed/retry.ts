/** Makes each attempt a single time. */
export const mayBeRepeated = () => () => false
export const createRetryBudget = () => () => ({ earn() {}, spend: () => false })
