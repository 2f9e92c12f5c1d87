import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useApi } from './api-context.ts'
import type { Document } from './document.ts'
import type { RequestFailure } from './request-failure.ts'

/** The state of something that a screen reads. */
export type Reading<Data> =
  | { readonly kind: 'IDLE' }
  | { readonly kind: 'LOADING' }
  | {
      readonly kind: 'READ'
      readonly data: Data
      /** When it was asked for. A change that was told later is newer. */
      readonly readAtMs: number
      /** Fields that could not be read. */
      readonly failures: readonly RequestFailure[]
    }
  | { readonly kind: 'FAILED'; readonly failure: RequestFailure }

export interface Read<Data> {
  readonly reading: Reading<Data>
  /** `true` while it is read again. `reading` still shows what was read before. */
  readonly isReading: boolean
  /** Reads it again now. */
  again(): void
}

/**
 * Reads once, and again whenever the variables change. Nothing is kept between screens. With `null` for variables
 * nothing is read.
 */
export function useRead<Data, V extends object>(
  document: Document<Data, V>,
  variables: V | null,
): Read<Data> {
  const api = useApi()
  const key = variables === null ? null : JSON.stringify(variables)
  const [state, setState] = useState<{ key: string | null; reading: Reading<Data> }>({
    key: null,
    reading: { kind: 'IDLE' },
  })
  const [isReading, setReading] = useState(false)
  const [round, setRound] = useState(0)
  const wanted = useRef(variables)
  wanted.current = variables

  useEffect(() => {
    const given = wanted.current
    if (given === null) return
    let isWanted = true
    setReading(true)
    const readAtMs = Date.now()
    void api.read(document, given).then(result => {
      if (!isWanted) return
      setReading(false)
      const reading: Reading<Data> =
        result.kind === 'DATA'
          ? { kind: 'READ', data: result.data, failures: result.failures, readAtMs }
          : result
      setState({ key, reading })
    })
    return () => {
      isWanted = false
    }
  }, [api, document, key, round])

  const again = useCallback(() => setRound(count => count + 1), [])
  const reading: Reading<Data> =
    key === null ? { kind: 'IDLE' } : state.key === key ? state.reading : { kind: 'LOADING' }
  return { reading, isReading: isReading && key !== null, again }
}
