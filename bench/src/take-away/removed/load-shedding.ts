/** Admits every request. */
export const createLoadShedding = () => () => ({ admit() {}, isLasting: false })
