import type {
  ForecastFactor,
  ForecastReason,
  ForecastReasonCode,
  ForecastUnknown,
  ForecastVerdict,
  SignInForecast,
} from './forecast.ts'
import { type ForecastFacts, hasContact, toOfferedFactors } from './forecast-facts.ts'

/**
 * Returns the forecast that follows from the facts. It guesses nothing: where they do not suffice, the verdict is `UNKNOWN`.
 * The user can pass only with an offered factor that is bound.
 */
export function toForecast(facts: ForecastFacts): SignInForecast {
  const factors = toOfferedFactors(facts)
  const verdict = toVerdict(factors, facts)
  return {
    application: facts.application,
    verdict,
    factors,
    reasons: findReasons(factors, facts),
    unknowns: findUnknowns(factors, verdict, facts),
  }
}

function toVerdict(factors: readonly ForecastFactor[], facts: ForecastFacts): ForecastVerdict {
  if (facts.exemption === 'EXEMPT' || factors.length === 0) return 'NOT_ASKED'
  const known = factors.filter(({ type }) => type !== null)
  if (known.some(({ bound }) => bound === true)) return 'CAN_PASS'
  if (known.length === 0 || known.some(({ bound }) => bound === null)) return 'UNKNOWN'
  if (known.some(factor => canEnroll(factor, facts))) return 'MUST_ENROLL'
  return factors.every(factor => lacksContact(factor, facts)) ? 'CANNOT_PASS' : 'UNKNOWN'
}

/** Returns `true` if codes have nowhere to go: neither the second factor nor the account has such a contact. */
function lacksContact({ type, bound }: ForecastFactor, facts: ForecastFacts): boolean {
  if (facts.account === null || bound === true) return false
  return (type === 'SMS' || type === 'EMAIL') && !hasContact(type, facts)
}

/** A face needs a plug-in of the page, and nothing says whether the page has it. */
function canEnroll({ type }: ForecastFactor, facts: ForecastFacts): boolean {
  switch (type) {
    case 'OTP':
      return true
    case 'SMS':
    case 'EMAIL':
      return hasContact(type, facts)
    case 'FACE':
    case null:
      return false
  }
}

/** Those of the whole sign-in come first. A reason stands once, even if GenAuth offers a factor twice. */
function findReasons(factors: readonly ForecastFactor[], facts: ForecastFacts): ForecastReason[] {
  const ofSignIn: (ForecastReasonCode | false)[] = [
    facts.exemption === 'EXEMPT' && 'EXEMPT',
    facts.application.hasOwnRules === false && 'APPLICATION_FOLLOWS_POOL',
    factors.length === 0 && 'NO_FACTOR_DEMANDED',
    factors.length > 0 && factors.every(({ type }) => type === null) && 'ONLY_UNKNOWN_FACTORS',
  ]
  const ofFactors = factors.flatMap(factor => {
    const { code, switchedOn } = factor
    const codes: (ForecastReasonCode | false)[] = [
      toBindingReason(factor),
      lacksContact(factor, facts) && 'NO_CONTACT',
      !switchedOn && 'FACTOR_OFF_BUT_OFFERED',
    ]
    return codes.map(reason => ({ code: reason, factor: code }))
  })
  const seen = new Set<string>()
  return [...ofSignIn.map(code => ({ code, factor: null })), ...ofFactors].flatMap(({ code, factor }) => {
    const key = `${code} ${factor}`
    if (code === false || seen.has(key)) return []
    seen.add(key)
    return [{ code, factor }]
  })
}

function toBindingReason({ bound }: ForecastFactor): ForecastReasonCode {
  switch (bound) {
    case true:
      return 'FACTOR_BOUND'
    case false:
      return 'FACTOR_NOT_BOUND'
    case null:
      return 'BINDING_UNKNOWN'
  }
}

function findUnknowns(
  factors: readonly ForecastFactor[],
  verdict: ForecastVerdict,
  { exemption, hasPipelineFunction }: ForecastFacts,
): ForecastUnknown[] {
  const mayEnroll =
    verdict !== 'NOT_ASKED' && verdict !== 'CAN_PASS' && factors.some(({ bound }) => bound === false)
  const unknowns: (ForecastUnknown | false)[] = [
    'IDENTITY_SOURCE_POLICY',
    'ADAPTIVE_POLICY',
    'IP_LIST',
    hasPipelineFunction !== false && 'PIPELINE_FUNCTION',
    exemption === 'UNKNOWN' && 'EXEMPTION_LIST',
    mayEnroll && 'MAY_ENROLL',
  ]
  return unknowns.filter(unknown => unknown !== false)
}
