interface Scope {
  readonly context: unknown
  readonly parts: {
    upstreamFor(context: unknown): {
      writeMfa(user: unknown, state: unknown, token: unknown): Promise<{ readonly ok: boolean }>
    }
  }
}

interface Write {
  readonly user: unknown
  readonly after: unknown
  readonly mfaToken: unknown
}

/** Sends a write without its records, and trusts every reply. */
export const writeOnRecord =
  () =>
  async ({ parts, context }: Scope, { user, after, mfaToken }: Write) => {
    const written = await parts.upstreamFor(context).writeMfa(user, after, mfaToken)
    return written.ok ? { ok: true, value: { state: after, verified: false } } : written
  }
