interface Call {
  readonly data: unknown
}
type MakeCall = (call: Call) => unknown
type CallEndpoint = (makeCall: MakeCall, ...rest: readonly unknown[]) => unknown

interface Original {
  readonly getMfaStatus: CallEndpoint
  readonly setMfaStatus: CallEndpoint
  readonly toStoredMfa: (data: unknown) => unknown
}

/** Takes the data of every reply for what it should be. */
export const getMfaStatus = ({ getMfaStatus: original, toStoredMfa }: Original) =>
  withData(original, toStoredMfa)
export const setMfaStatus = ({ setMfaStatus: original }: Original) => withData(original, () => {})

function withData(original: CallEndpoint, read: (value: unknown) => unknown): CallEndpoint {
  const data = { safeParse: (value: unknown) => ({ success: true, data: read(value) }) }
  return (makeCall, ...rest) => original(call => makeCall({ ...call, data }), ...rest)
}
