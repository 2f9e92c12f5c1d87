import { useScreenTexts } from '../../texts/texts.ts'
import type { PoolPayload } from './pool-change.tsx'
import { PoolFactors } from './pool-factors.tsx'

/** Shows the state of the pool that came with a failure, if one did. */
export function PoolRead({ failure }: { failure: PoolPayload }) {
  const { policy: texts } = useScreenTexts()
  const read =
    failure.__typename === 'MfaPoolPolicyConflictError'
      ? { title: texts.present, policy: failure.current }
      : failure.__typename === 'MfaPolicyUnavailableError' ||
          failure.__typename === 'MfaOperationRefusedError'
        ? { title: texts.lastRead, policy: failure.observed }
        : null
  if (read === null || read.policy === null) return null
  return (
    <>
      <h3>{read.title}</h3>
      <PoolFactors policy={read.policy} />
    </>
  )
}
