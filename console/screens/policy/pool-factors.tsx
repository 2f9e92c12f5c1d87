import type { ResultOf } from '../../api/document.ts'
import type { ShowPoolPolicyDocument } from '../../generated/documents.ts'
import { FACTOR_TYPES } from '../../parts/factor-switches.ts'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'

type Payload = ResultOf<typeof ShowPoolPolicyDocument>['mfaPoolPolicy']
export type PoolPolicy = Pick<
  Extract<Payload, { __typename: 'MfaPoolPolicy' }>,
  'enabledFactors' | 'otherFactors' | 'revision'
>

/** Every factor of this version, on or off, and the others that are on. */
export function PoolFactors({ policy }: { policy: Omit<PoolPolicy, 'revision'> }) {
  const { policy: texts, common } = useScreenTexts()
  const off = FACTOR_TYPES.filter(type => !policy.enabledFactors.includes(type))
  return (
    <dl class="facts">
      <dt>{texts.on}</dt>
      <dd>
        {policy.enabledFactors.length === 0 && common.none}
        <ul class="badges">
          {policy.enabledFactors.map(type => (
            <li key={type}>
              <StatusBadge tone="good">{toWords(common.factors, type)}</StatusBadge>
            </li>
          ))}
        </ul>
      </dd>
      <dt>{texts.off}</dt>
      <dd>
        {off.length === 0 && common.none}
        <ul class="badges">
          {off.map(type => (
            <li key={type}>
              <StatusBadge tone="neutral">{common.factors[type]}</StatusBadge>
            </li>
          ))}
        </ul>
      </dd>
      {policy.otherFactors.length > 0 && (
        <>
          <dt>{texts.others}</dt>
          <dd>
            <code>{policy.otherFactors.join(common.between)}</code>
          </dd>
        </>
      )}
    </dl>
  )
}
