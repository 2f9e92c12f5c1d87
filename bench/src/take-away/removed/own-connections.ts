interface Original {
  readonly dispatchHttp: (dispatcher: unknown, request: object, options: unknown) => unknown
}

/** Lets writes use connections again. */
export const dispatchHttp =
  ({ dispatchHttp: original }: Original) =>
  (dispatcher: unknown, request: object, options: unknown) =>
    original(dispatcher, { ...request, reset: false }, options)
