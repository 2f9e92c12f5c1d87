import type { Dispatcher } from 'undici'

/**
 * Calls a request's `opaque` when the request begins to be written: before that, nothing of it can have arrived.
 * What undici itself offers says no more than that an answer has begun.
 */
export const noteStart: Dispatcher.DispatcherComposeInterceptor =
  dispatch => (options: Dispatcher.DispatchOptions & { readonly opaque?: unknown }, handler) =>
    dispatch(options, {
      onRequestStart(...parts) {
        if (typeof options.opaque === 'function') options.opaque()
        handler.onRequestStart?.(...parts)
      },
      onRequestUpgrade: (...parts) => handler.onRequestUpgrade?.(...parts),
      onResponseStart: (...parts) => handler.onResponseStart?.(...parts),
      onResponseData: (...parts) => handler.onResponseData?.(...parts),
      onResponseEnd: (...parts) => handler.onResponseEnd?.(...parts),
      onResponseError: (...parts) => handler.onResponseError?.(...parts),
    })
