import { useTexts } from '../texts/texts.ts'

/** Stands where a button would be that the person may not use. */
export function MissingRight({ scope }: { scope: string }) {
  return <p class="missing-right">{useTexts().common.rightMissing(scope)}</p>
}
