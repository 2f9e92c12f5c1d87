import type { Span } from '../base/tracer.ts'
import type { RequestEnd } from './request-observer.ts'

export interface HttpEvents {
  /** A request for an operation has ended: its response has left, or its client. */
  request: RequestEnd & { readonly seconds: number; readonly span: Span | null }
}
