/** A journal that keeps nothing. */
export const BackgroundJournal = () =>
  class {
    async open() {}
    async close() {}
    onDurable() {}
    refuseUnlessOpen() {}
    isWritable = () => true
    isHeldUp = () => false
    isContested = () => false
    changeIdOf = () => null
    pendingFollowUps = () => 0
    sealedFaults = () => ({ broken: 0, unverified: 0 })
    begin = async () => async () => {}
  }
