interface Reply {
  readonly envelope: unknown
}

/** Takes every reply for a success. */
export const classify = () => (kind: string, reply: Reply) => ({
  kind: 'REPLIED',
  reply,
  result: { ok: true, value: reply.envelope },
  outcome: 'OK',
  health: 'GOOD',
  isThrottled: false,
  isUnauthorized: false,
  isTransient: false,
  isSafeToRepeat: kind !== 'WRITE',
})
