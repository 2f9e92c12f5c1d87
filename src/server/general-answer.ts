import { createYoga } from 'graphql-yoga'
import type { AcceptedRequest } from './edge.ts'
import type { ExecuteOperation } from './execute-operation.ts'

/**
 * Yoga, for what it knows of GraphQL over HTTP: which type an answer has, how a result is said in it, which errors
 * make which status. What is executed, and how, is the same by every way: it is `executeOperation`'s.
 */
export function createGeneralAnswer(executeOperation: ExecuteOperation) {
  return createYoga<AcceptedRequest>({
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
}
