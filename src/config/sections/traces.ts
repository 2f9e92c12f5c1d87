import { z } from 'zod'
import { OTLP_PROTOCOLS, type TraceSettings } from '../../telemetry/trace-settings.ts'
import type { Environment } from '../environment.ts'
import { sharedVariable, type Values } from '../variable.ts'

/** The samplers by their names in OpenTelemetry's specification. A sampler says which traces are recorded. */
const SAMPLERS = {
  always_on: { share: 1, isParentBased: false },
  always_off: { share: 0, isParentBased: false },
  traceidratio: { share: 'ARGUMENT', isParentBased: false },
  parentbased_always_on: { share: 1, isParentBased: true },
  parentbased_always_off: { share: 0, isParentBased: true },
  parentbased_traceidratio: { share: 'ARGUMENT', isParentBased: true },
} as const

const SAMPLER_NAMES = Object.keys(SAMPLERS) as [keyof typeof SAMPLERS, ...(keyof typeof SAMPLERS)[]]
const PROPAGATORS = ['tracecontext', 'baggage', 'none'] as const
const MAX_TIMEOUT_MS = 600_000

/** Accepts words in any case, as the specification demands. Blanks around them do not count. */
function oneOf<const T extends readonly [string, ...string[]]>(words: T, error: string) {
  return z.string().trim().toLowerCase().pipe(z.enum(words, error))
}

/** The share of all traces that is recorded. */
const ratio = z
  .string()
  .trim()
  .regex(/^(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?$/i, 'must be a number from 0 to 1')
  .transform(Number)
  .pipe(z.number().min(0, 'must be a number from 0 to 1').max(1, 'must be a number from 0 to 1'))

const timeoutError = `must be a whole number from 1 to ${MAX_TIMEOUT_MS}`
const timeoutMs = z
  .string()
  .trim()
  .regex(/^\d{1,9}$/, timeoutError)
  .transform(Number)
  .pipe(z.number().min(1, timeoutError).max(MAX_TIMEOUT_MS, timeoutError))

function url(isFit: (url: URL) => boolean, error: string) {
  return z
    .string()
    .trim()
    .refine(text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
      error: 'must be an http or https URL',
      abort: true,
    })
    .refine(text => isFit(new URL(text)), error)
}

const protocol = oneOf(OTLP_PROTOCOLS, 'must be http/json or http/protobuf: gRPC is not supported')

const propagators = z
  .string()
  .transform(text => text.split(',').map(name => name.trim().toLowerCase()))
  .pipe(z.array(z.enum(PROPAGATORS, 'must be of tracecontext, baggage and none')))

/** The address of a collector that the specification assumes by default. */
const DEFAULT_ENDPOINT = 'http://localhost:4318'

/**
 * The variables of OpenTelemetry that its packages do not read themselves. The packages read service name, resource
 * attributes, headers, compression and certificates.
 */
export const TRACE_VARIABLES = {
  OTEL_SDK_DISABLED: sharedVariable(
    'true: no traces are recorded or sent.',
    'false',
    oneOf(['true', 'false'], 'must be true or false').transform(value => value === 'true'),
  ),
  OTEL_TRACES_EXPORTER: sharedVariable(
    'otlp or none. Unset: otlp if there is an endpoint, otherwise none.',
    null,
    oneOf(['otlp', 'none'], 'must be otlp or none: there is no other exporter'),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: sharedVariable(
    'Base URL of a collector that takes traces over OTLP/HTTP, as http://127.0.0.1:4318. Unset: there are no traces.',
    null,
    url(
      ({ username, password, search, hash }) => `${username}${password}${search}${hash}` === '',
      'must hold no credentials, query or fragment',
    ),
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: sharedVariable(
    'URL that traces are sent to, with its path, in place of the base URL.',
    null,
    url(
      ({ username, password, hash }) => `${username}${password}${hash}` === '',
      'must hold no credentials or fragment',
    ),
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: sharedVariable(
    'Protocol of the collector: http/json or http/protobuf. gRPC is not supported.',
    'http/json',
    protocol,
  ),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: sharedVariable('The same for traces alone.', null, protocol),
  OTEL_EXPORTER_OTLP_TIMEOUT: sharedVariable(
    'Longest time for sending a batch of spans, in milliseconds.',
    '10000',
    timeoutMs,
  ),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: sharedVariable('The same for traces alone.', null, timeoutMs),
  OTEL_TRACES_SAMPLER: sharedVariable(
    'Which traces are recorded: always_on, always_off, traceidratio, or one of them behind parentbased_. Unset: parentbased_traceidratio.',
    null,
    oneOf(SAMPLER_NAMES, `must be one of ${SAMPLER_NAMES.join(', ')}`),
  ),
  OTEL_TRACES_SAMPLER_ARG: sharedVariable(
    'Share of the traces that begin here and are recorded, from 0 to 1. For others their `traceparent` decides.',
    '1',
    ratio,
  ),
  OTEL_PROPAGATORS: sharedVariable(
    'Headers that are read from callers and sent on to GenAuth: tracecontext, baggage or none, separated by commas. Unset: tracecontext.',
    null,
    propagators.transform(names => ({
      traceContext: names.includes('tracecontext'),
      baggage: names.includes('baggage'),
    })),
  ),
}

/**
 * Reads OpenTelemetry's variables by its specification, with two differences. Without an exporter or an endpoint there
 * are no traces. A share alone counts without the name of a sampler.
 *
 * @returns `null` if there are no traces
 */
export function readTraces(env: Environment): TraceSettings | null {
  const values = env.read(TRACE_VARIABLES)
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_SDK_DISABLED: isDisabled } = values
  const url = toUrl(values)
  if (isDisabled || exporter === 'none' || url === null) return null
  const sampler = SAMPLERS[values.OTEL_TRACES_SAMPLER ?? 'parentbased_traceidratio']
  const argument = values.OTEL_TRACES_SAMPLER_ARG
  return {
    url,
    protocol: values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? values.OTEL_EXPORTER_OTLP_PROTOCOL,
    timeoutMs: values.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? values.OTEL_EXPORTER_OTLP_TIMEOUT,
    sampler: { ...sampler, share: sampler.share === 'ARGUMENT' ? argument : sampler.share },
    // GenAuth belongs to somebody else, so baggage is sent there only on demand.
    propagators: values.OTEL_PROPAGATORS ?? { traceContext: true, baggage: false },
  }
}

function toUrl(values: Values<typeof TRACE_VARIABLES>): string | null {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url } = values
  if (url !== null) return url
  const isWanted = values.OTEL_TRACES_EXPORTER === 'otlp'
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT ?? (isWanted ? DEFAULT_ENDPOINT : null)
  return base === null ? null : `${base.replace(/\/+$/, '')}/v1/traces`
}
