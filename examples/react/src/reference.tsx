/** The id to give when a case is reported. */
export function Reference({ of }: { of: { requestId: string } }) {
  return <small>Reference: {of.requestId}</small>
}
