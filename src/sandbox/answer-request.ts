import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EndpointContext } from './endpoint.ts'
import { getEndpoint } from './endpoints.ts'
import { Failure, type FailureOptions } from './failure.ts'
import type { Issuer } from './issuer.ts'
import { toMessage } from './messages.ts'
import { assertLoopbackHost, type ReceivedRequest, receiveRequest } from './received-request.ts'
import type { SignatureCredentials } from './signature-credentials.ts'
import type { Throttle } from './throttle.ts'
import type { TokenCredentials } from './token-credentials.ts'

const LOOPBACK_ORIGIN = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/

/** Every response names the sandbox in its `server` header. */
const SERVER_NAME = 'genauth-graphql-sandbox'

export interface AnswerRequestOptions {
  context: EndpointContext
  headerPrefix: string
  /** `null` if callers get no tokens. */
  issuer: Issuer | null
  now: () => number
  onRequest: (request: ReceivedRequest) => void
  signatureCredentials: SignatureCredentials
  throttle: Throttle
  tokenCredentials: TokenCredentials
}

/**
 * Creates the handler of all requests: host, issuer, body, rate, credentials, call. Reading: requests are counted
 * before credentials are checked, and the token call counts like any other.
 */
export function createAnswerRequest(options: AnswerRequestOptions) {
  /** The issuer is not GenAuth. Its requests have no envelope and no throttle, and are not reported. */
  async function askIssuer({ method, url = '' }: IncomingMessage) {
    return method === 'GET' ? options.issuer?.answer(url.replace(/\?.*/, '')) : undefined
  }

  async function callEndpoint(request: IncomingMessage): Promise<unknown> {
    const received = await receiveRequest(request)
    options.onRequest(received)
    const endpoint = getEndpoint(received.endpoint, received.method)
    if (!options.throttle.take()) {
      throw new Failure({ statusCode: 429, httpStatus: 429, message: 'tooManyRequests' })
    }
    if (!endpoint.isOpen) {
      await checkCredentials(received)
    }
    return endpoint.handle(received.params, options.context)
  }

  async function checkCredentials(received: ReceivedRequest): Promise<void> {
    if (options.signatureCredentials.appliesTo(received)) {
      options.signatureCredentials.check(received)
    } else {
      await options.tokenCredentials.check(received)
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      assertLoopbackHost(request)
      const issued = await askIssuer(request)
      if (issued !== undefined) {
        allowLoopbackPage(request, response)
        send(response, 200, issued)
        return
      }
      const data = await callEndpoint(request)
      send(response, 200, { statusCode: 200, message: '', requestId: randomUUID(), data })
    } catch (error) {
      const failure = toFailureOptions(error)
      const language = request.headers[`${options.headerPrefix}lang`]
      send(response, failure.httpStatus ?? 200, toEnvelope(failure, language))
    }
  }

  function send(response: ServerResponse, httpStatus: number, body: Record<string, unknown>): void {
    response.writeHead(httpStatus, {
      'content-type': 'application/json; charset=utf-8',
      server: SERVER_NAME,
      // The date comes from the injected clock, which signed dates are compared with.
      date: new Date(options.now()).toUTCString(),
      // Otherwise the rest of a body that is too large would be read after all.
      ...(httpStatus === 413 ? { connection: 'close' } : {}),
    })
    response.end(JSON.stringify(body))
  }
}

/** The examples of docs/clients.md run in pages of this machine, which ask the issuer for a token first. */
function allowLoopbackPage({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'origin')
  if (origin !== undefined && LOOPBACK_ORIGIN.test(origin)) {
    response.setHeader('access-control-allow-origin', origin)
  }
}

/**
 * An error that is not a Failure is a fault of the sandbox, or a caller that closed the connection. Its text stays
 * inside.
 */
function toFailureOptions(error: unknown): FailureOptions {
  return error instanceof Failure
    ? error.options
    : { statusCode: 500, httpStatus: 500, message: 'serverError' }
}

/** The throttle's envelope is documented without apiCode and requestId. */
function toEnvelope(failure: FailureOptions, language: unknown): Record<string, unknown> {
  const { statusCode, apiCode } = failure
  return {
    statusCode,
    ...(apiCode === undefined ? {} : { apiCode }),
    message: toMessage(failure.message, language, failure.subject),
    ...(statusCode === 429 ? {} : { requestId: randomUUID() }),
  }
}
