import { useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { announce } from './live-region.tsx'

/** Shows an id, and copies it. */
export function CopyId({ id }: { id: string }) {
  const { common } = useTexts()
  return (
    <span class="copy-id">
      <code>{id}</code>
      <Button
        kind="quiet"
        label={common.copyId(id)}
        onClick={() => {
          void navigator.clipboard?.writeText(id).then(
            () => announce(common.copied),
            () => {},
          )
        }}
      >
        {common.copy}
      </Button>
    </span>
  )
}
