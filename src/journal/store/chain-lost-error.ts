/** The chain belongs to another process. Nothing was appended. */
export class ChainLostError extends Error {
  override readonly name = 'ChainLostError'
  readonly code = 'CHAIN_LOST'
}
