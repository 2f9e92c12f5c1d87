/** The variables that say where a server listens. `host` is `null` if the address cannot be chosen. */
export interface ListenVariables {
  readonly port: string
  readonly host: string | null
}

/** A server cannot listen. The text names the variable that has to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/**
 * Returns the result of a server's start. If the server cannot listen, the error names the variable. Other errors are
 * passed on unchanged.
 */
export async function namingListenFaults<T>(variables: ListenVariables, start: Promise<T>): Promise<T> {
  try {
    return await start
  } catch (error) {
    throw toListenError(error, variables) ?? error
  }
}

function toListenError(error: unknown, variables: ListenVariables): ListenError | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  const { code, syscall } = error
  if (syscall !== 'listen' && syscall !== 'getaddrinfo' && syscall !== 'bind') return null
  const port = 'port' in error ? ` (port ${error.port})` : ''
  const host = variables.host ?? variables.port
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError(`${variables.port}: is in use by another process${port}. Set it to a free one.`)
    case 'EACCES':
      return new ListenError(
        `${variables.port}: the user of this process may not listen there${port}. Set it to 1024 or more.`,
      )
    case 'EADDRNOTAVAIL':
      return new ListenError(
        `${host}: this machine does not have the address (EADDRNOTAVAIL). Set it to one that it has.`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return new ListenError(
        `${host}: the name has no address (${code}). Set it to an address of this machine.`,
      )
    default:
      return new ListenError(
        `${host}: cannot be listened on (${code}). Set it to an address of this machine.`,
      )
  }
}
