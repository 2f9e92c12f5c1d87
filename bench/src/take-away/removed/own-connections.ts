interface Transport {
  send(request: object): unknown
}

interface Original {
  readonly createTransport: (...options: readonly unknown[]) => Transport
}

/** Lets writes use connections again. */
export const createTransport =
  ({ createTransport: original }: Original) =>
  (...options: readonly unknown[]) => {
    const transport = original(...options)
    return { ...transport, send: (request: object) => transport.send({ ...request, pool: 'SHARED_READ' }) }
  }
