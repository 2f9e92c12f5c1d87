import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EndpointContext } from './endpoint.ts'
import { getEndpoint } from './endpoints.ts'
import { Failure, type FailureOptions } from './failure.ts'
import type { Issuer } from './issuer.ts'
import { toMessage } from './messages.ts'
import { assertLoopbackHost, type ReceivedRequest, receiveRequest } from './received-request.ts'
import type { IssuedResponse } from './sign-in/issued-response.ts'
import type { SignatureCredentials } from './signature-credentials.ts'
import type { Throttle } from './throttle.ts'
import type { TokenCredentials } from './token-credentials.ts'

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
      // The issuer is not GenAuth. Its requests have no envelope and no throttle, and are not reported.
      const issued = await options.issuer?.answer(request)
      if (issued !== undefined) {
        sendIssued(response, issued)
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

  function sendIssued(response: ServerResponse, { status, headers, body }: IssuedResponse): void {
    response.writeHead(status, { ...toCommonHeaders(status), ...headers })
    response.end(body)
  }

  function send(response: ServerResponse, httpStatus: number, body: Record<string, unknown>): void {
    response.writeHead(httpStatus, {
      'content-type': 'application/json; charset=utf-8',
      ...toCommonHeaders(httpStatus),
    })
    response.end(JSON.stringify(body))
  }

  function toCommonHeaders(httpStatus: number): Record<string, string> {
    return {
      server: SERVER_NAME,
      // The date comes from the injected clock, which signed dates are compared with.
      date: new Date(options.now()).toUTCString(),
      // Otherwise the rest of a body that is too large would be read after all.
      ...(httpStatus === 413 ? { connection: 'close' } : {}),
    }
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
