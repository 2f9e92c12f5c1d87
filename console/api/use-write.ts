import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useApi } from './api-context.ts'
import type { Result } from './client.ts'
import type { Document } from './document.ts'
import type { WriteData } from './to-write-ends.ts'
import type { WriteSubject } from './writes.ts'

export interface Write<Data, V extends object> {
  /** `true` from the moment a change or a preview is sent until its result is there. */
  readonly isWriting: boolean
  /** `true` while that is a change, so that nothing may be said of what it has done. */
  readonly isSending: boolean
  /**
   * Sends it once. Resolves to `null`, and sends nothing, while an earlier one is under way.
   *
   * @param subject what the change is about. `null` for a preview, which changes nothing
   */
  run(variables: V, subject: WriteSubject | null): Promise<Result<Data> | null>
}

/**
 * Returns what sends a change, or the preview of one. Nothing is shown before its result is there. If the part of the page
 * that has sent a change is gone by then, the frame of the page tells the result.
 */
export function useWrite<Data extends WriteData, V extends object>(
  document: Document<Data, V>,
): Write<Data, V> {
  const api = useApi()
  const isUnderWay = useRef(false)
  const sentId = useRef<number | null>(null)
  const [state, setState] = useState<'IDLE' | 'PREVIEWING' | 'SENDING'>('IDLE')
  useEffect(
    () => () => {
      if (sentId.current !== null) api.writes.leave(sentId.current)
    },
    [api],
  )
  const run = useCallback(
    async (variables: V, subject: WriteSubject | null) => {
      if (isUnderWay.current) return null
      isUnderWay.current = true
      setState(subject === null ? 'PREVIEWING' : 'SENDING')
      const id = subject === null ? null : api.writes.begin(subject)
      sentId.current = id
      const result = await api.write(document, variables, subject !== null)
      sentId.current = null
      if (id !== null) api.writes.end(id, result)
      isUnderWay.current = false
      setState('IDLE')
      return result
    },
    [api, document],
  )
  return { isWriting: state !== 'IDLE', isSending: state === 'SENDING', run }
}
