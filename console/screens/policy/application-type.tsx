import { useScreenTexts } from '../../texts/texts.ts'

/** Names a kind of application in words. One that this version does not know has its name in GenAuth. */
export function ApplicationType({ type }: { type: string | null }) {
  const { policy, common } = useScreenTexts()
  const names: Readonly<Record<string, string>> = policy.types
  if (type === null) return common.unknown
  return Object.hasOwn(names, type) ? names[type] : <code>{type}</code>
}
