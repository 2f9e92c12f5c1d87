import type { Span } from '../base/tracer.ts'

export interface SchemaEvents {
  /**
   * A root field has ended: with the type of its payload, with `OK` if there is only one, or with the code of its error.
   * Both are names of the schema, whatever the caller calls them.
   */
  rootField: { readonly field: string; readonly outcome: string; readonly span: Span | null }
}
