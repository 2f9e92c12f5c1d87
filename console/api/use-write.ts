import { useCallback, useRef, useState } from 'preact/hooks'
import { useApi } from './api-context.ts'
import type { Result } from './client.ts'
import type { Document } from './document.ts'

export interface Write<Data, V extends object> {
  /** `true` from the moment a change is sent until its result is there. */
  readonly isWriting: boolean
  /** Sends it once. Resolves to `null`, and sends nothing, while an earlier one is under way. */
  run(variables: V): Promise<Result<Data> | null>
}

/** Returns what sends a change, or the preview of one. Nothing is shown before its result is there. */
export function useWrite<Data, V extends object>(document: Document<Data, V>): Write<Data, V> {
  const api = useApi()
  const isUnderWay = useRef(false)
  const [isWriting, setWriting] = useState(false)
  const run = useCallback(
    async (variables: V) => {
      if (isUnderWay.current) return null
      isUnderWay.current = true
      setWriting(true)
      const result = await api.write(document, variables)
      isUnderWay.current = false
      setWriting(false)
      return result
    },
    [api, document],
  )
  return { isWriting, run }
}
