import type { Answer } from './undo-dialog.tsx'

/** The next step that is possible in the dialog itself. `NONE`: what is shown has its own way out, or there is none. */
export type NextUndoStep =
  | { readonly kind: 'UNDO' }
  | { readonly kind: 'PREVIEW'; readonly needs: 'REASON' | 'NO_FACTOR' | 'NOTHING' }
  | { readonly kind: 'NONE' }

const NONE: NextUndoStep = { kind: 'NONE' }

/** Returns the step after an answer. An undo comes after a preview that shows a change, and after nothing else. */
export function findNextUndoStep({ isPreview, result }: Answer): NextUndoStep {
  if (result.kind === 'FAILED') return NONE
  const payload = result.data.revertMfaChange
  switch (payload.__typename) {
    case 'SetUserMfaStatusPreview':
      return isPreview && payload.changed ? { kind: 'UNDO' } : NONE
    case 'MfaPolicyViolationError':
      if (payload.rule === 'REASON_REQUIRED') return { kind: 'PREVIEW', needs: 'REASON' }
      return payload.rule === 'NO_FACTOR' ? { kind: 'PREVIEW', needs: 'NO_FACTOR' } : NONE
    case 'MfaInvalidInputError':
      return { kind: 'PREVIEW', needs: 'NOTHING' }
    case 'MfaNotRevertibleError':
    case 'MfaChangeNotFoundError':
      // The record may still be on its way, or the server still looks for the change.
      return payload.retryable ? { kind: 'PREVIEW', needs: 'NOTHING' } : NONE
    default:
      return NONE
  }
}
