/** Names every state by the same text. */
export const createRevisions = () => () => ({
  toRevision: () => 'r2.removed',
  isRevisionOf: () => true,
  isRecordedRevisionOf: () => true,
  useSecrets() {},
})
