import type { AnyVariables, OperationResult, OperationResultSource } from '@urql/core'
import type { Session } from '../session/session.ts'

export interface StreamListener<Data> {
  readonly onEvent: (data: Data) => void
  /** Called once no more events can come, unless somebody has stopped it. */
  readonly onEnd: () => void
}

/** How often a broken stream is opened again without an event between. The waits grow. */
const RETRIES = 5
const FIRST_WAIT_MS = 1_000
/** Many streams break together, and must not be opened together. */
const SPREAD_MS = 3_000

/**
 * Opens a stream, and tells each event. It ends with the token, and when the server completes it. The screen then works
 * on without hints.
 *
 * @returns what ends it
 */
export function listen<Data, V extends AnyVariables>(
  stream: OperationResultSource<OperationResult<Data, V>>,
  session: Session,
  { onEvent, onEnd }: StreamListener<Data>,
): () => void {
  let retries = 0
  let stop = () => {}
  function open(): void {
    stop = stream.subscribe(({ data, error, hasNext }) => {
      // The last result repeats the data of the one before.
      if (!hasNext) end(error?.networkError !== undefined)
      else if (data != null) {
        retries = 0
        onEvent(data)
      }
    }).unsubscribe
  }
  function end(isBroken: boolean): void {
    if (!isBroken || retries === RETRIES || session.authorization() === null) onEnd()
    else {
      const timer = setTimeout(open, FIRST_WAIT_MS * 2 ** retries + SPREAD_MS * Math.random())
      stop = () => clearTimeout(timer)
      retries += 1
    }
  }
  open()
  return () => stop()
}
