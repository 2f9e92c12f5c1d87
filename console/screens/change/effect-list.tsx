import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'

/** Says what a change does to the protection of a person. It shows nothing if it does nothing. */
export function EffectList({ effects }: { effects: readonly ('WEAKENING' | 'REDIRECTING')[] }) {
  const { change } = useScreenTexts()
  if (effects.length === 0) return null
  return (
    <ul class="effects">
      {effects.map(effect => (
        <li key={effect}>{toWords(change.effects, effect)}</li>
      ))}
    </ul>
  )
}
