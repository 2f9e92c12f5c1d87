import { useTexts } from '../texts/texts.ts'

/** Takes the room of what is being read, so that nothing jumps when it comes. */
export function Skeleton({ lines }: { lines: number }) {
  const { common } = useTexts()
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{common.reading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  )
}
