import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }

function tracesOf(env: Readonly<Record<string, string>>) {
  const { telemetry, ignoredVariables } = loadConfig(env)
  expect(ignoredVariables).toEqual([])
  return telemetry.traces
}

describe('traces', () => {
  it.each([
    [{}],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.0', OTEL_TRACES_SAMPLER: 'always_on' }],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: ' TRUE ' }],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'None' }],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_SERVICE_NAME: 'mfa' }],
  ])('are off with %j', env => {
    expect(tracesOf(env)).toBeNull()
  })

  it.each([
    [ENDPOINT, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector/otlp/' }, 'http://collector/otlp/v1/traces'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t/in?x=1' }, 'https://t/in?x=1'],
    [
      { ...ENDPOINT, OTEL_SDK_DISABLED: 'false', OTEL_TRACES_EXPORTER: '' },
      'http://collector:4318/v1/traces',
    ],
  ])('with %j go to %s', (env, url) => {
    expect(tracesOf(env)?.url).toBe(url)
  })

  it.each([
    [{}, 1, true],
    [{ OTEL_TRACES_SAMPLER_ARG: '0.25' }, 0.25, true],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.0' }, 1, true],
    [{ OTEL_TRACES_SAMPLER_ARG: ' .5 ' }, 0.5, true],
    [{ OTEL_TRACES_SAMPLER_ARG: '1e-3' }, 0.001, true],
    [{ OTEL_TRACES_SAMPLER: 'always_on', OTEL_TRACES_SAMPLER_ARG: '0' }, 1, false],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0, false],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, 1, false],
    [{ OTEL_TRACES_SAMPLER: 'TraceIdRatio', OTEL_TRACES_SAMPLER_ARG: '0.5' }, 0.5, false],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, 1, true],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, 0, true],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0, true],
  ])('with %j are recorded with the share %d, heeding the caller: %s', (env, share, isParentBased) => {
    expect(tracesOf({ ...ENDPOINT, ...env })?.sampler).toEqual({ share, isParentBased })
  })

  it.each([
    [{}, 'http/json', 10_000],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_TIMEOUT: '500' },
      'http/protobuf',
      500,
    ],
    [
      {
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
        OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '700',
      },
      'http/protobuf',
      700,
    ],
  ])('with %j are sent as %s within %d ms', (env, protocol, timeoutMs) => {
    expect(tracesOf({ ...ENDPOINT, ...env })).toMatchObject({ protocol, timeoutMs })
  })

  it.each([
    ['', true, false],
    ['tracecontext', true, false],
    ['tracecontext,baggage', true, true],
    [' Baggage ', false, true],
    ['none', false, false],
  ])('with OTEL_PROPAGATORS=%j send on traceparent: %s, baggage: %s', (text, traceContext, baggage) => {
    expect(tracesOf({ ...ENDPOINT, OTEL_PROPAGATORS: text })?.propagators).toEqual({ traceContext, baggage })
  })

  it('go on by the default where a value is of no use', () => {
    const env = {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: 'endpoint=http://agent:5778',
      OTEL_PROPAGATORS: 'b3',
      OTEL_EXPORTER_OTLP_TIMEOUT: 'soon',
      OTEL_TRACES_EXPORTER: 'jaeger',
      OTEL_SDK_DISABLED: 'no',
    }
    const { telemetry, ignoredVariables } = loadConfig(env)
    expect(telemetry.traces).toEqual(loadConfig(ENDPOINT).telemetry.traces)
    expect(ignoredVariables.map(({ variable }) => variable).toSorted()).toEqual(
      Object.keys(env)
        .filter(name => name !== 'OTEL_EXPORTER_OTLP_ENDPOINT')
        .toSorted(),
    )
  })
})
