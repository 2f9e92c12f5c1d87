import { createYoga } from 'graphql-yoga'
import type { ExecuteOperation } from '../execution/execute-operation.ts'
import { type Answer, readAnswer } from './answer.ts'
import type { AcceptedRequest } from './request-handler.ts'

const URL_OF_NOBODY = 'http://localhost/graphql'

/**
 * Yoga, for what it knows of GraphQL over HTTP: how a result is said in a type, which errors make which status. What is
 * executed, and how, is the same by every way: it is `executeOperation`'s.
 */
export function createGeneralAnswer(executeOperation: ExecuteOperation) {
  const yoga = createYoga<AcceptedRequest>({
    plugins: [
      {
        onRequestParse({ setRequestParser }) {
          // The edge has read and checked them; Yoga wants to see a document before it hands them on.
          setRequestParser(() => ({ query: '' }))
        },
        onParams({ context, setParamsHandler }) {
          setParamsHandler(() => executeOperation(context as AcceptedRequest))
        },
      },
    ],
    // What these do by default is done by the edge, or not wanted: Yoga would reflect every origin, run mutations
    // from forms, and log what it answers.
    parserAndValidationCache: false,
    maskedErrors: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false,
    logging: false,
  })

  return {
    fetchAPI: yoga.fetchAPI,
    /** Says the result of a request in the type chosen for it; Yoga is not asked whether that is acceptable. */
    async answer(accepted: AcceptedRequest): Promise<Answer> {
      const request = { method: 'POST', headers: { accept: accepted.responseType } }
      return readAnswer(await yoga.fetch(URL_OF_NOBODY, request, accepted))
    },
  }
}
