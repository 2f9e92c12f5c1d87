import { readdirSync, readFileSync } from 'node:fs'
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { Secret, Service } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../src/config/config.ts'
import { SECRET_VARIABLES } from '../src/config/secret-files.ts'
import { VARIABLES } from '../src/config/variables.ts'
import type { Json } from './support/app.ts'

const FOLDER = new URL('../examples/kubernetes/', import.meta.url)
/** What the server asks for beside its delay and its deadline. */
const STOP_MARGIN_MS = 8_000

const MODELS: Record<string, new (data: Json) => { validate(): void }> = {
  Deployment,
  StatefulSet,
  NetworkPolicy,
  PodDisruptionBudget,
  Secret,
  Service,
}

const manifests: Json[] = readdirSync(FOLDER)
  .filter(name => name.endsWith('.yaml'))
  .flatMap(name =>
    parseAllDocuments(readFileSync(new URL(name, FOLDER), 'utf8')).map(document => {
      expect([name, document.errors]).toEqual([name, []])
      return document.toJS()
    }),
  )
const workloads = manifests.filter(({ spec }) => spec?.template !== undefined)

/** The example's own. Any text does for the others. */
const SECRETS: Readonly<Record<string, string>> = {
  REDIS_URL: manifests.find(({ kind }) => kind === 'Secret').stringData['redis-url'],
  STORE_URL: manifests.find(({ kind }) => kind === 'Secret').stringData['store-url'],
}

const TOP_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec', 'stringData']

/** Judges by the API's schemas, which let unknown fields pass: those are the fields that no schema has looked at. */
function validate(manifest: Json): void {
  const Model = MODELS[manifest.kind]
  if (Model === undefined) throw new Error(`No schema for ${manifest.kind}`)
  const model: Json = new Model(manifest)
  const parts = Object.entries(model)
  const read = new Map<object, Set<unknown>>()
  for (const [key, part] of parts) model[key] = watchReads(part, read)
  model.validate()
  expect(TOP_FIELDS).toEqual(expect.arrayContaining(Object.keys(manifest)))
  expect(parts.flatMap(([, part]) => findUnread(part, read))).toEqual([])
}

function watchReads(value: Json, read: Map<object, Set<unknown>>): Json {
  if (typeof value !== 'object' || value === null) return value
  const keys = new Set<unknown>()
  read.set(value, keys)
  const watched = new Map<unknown, Json>()
  return new Proxy(value, {
    get(target, key) {
      keys.add(key)
      if (!watched.has(key)) watched.set(key, watchReads(target[key], read))
      return watched.get(key)
    },
  })
}

function findUnread(value: Json, read: ReadonlyMap<object, ReadonlySet<unknown>>): string[] {
  if (typeof value !== 'object' || value === null) return []
  const unread = Object.keys(value).filter(key => read.get(value)?.has(key) !== true)
  return [...unread, ...Object.values(value).flatMap(child => findUnread(child, read))]
}

describe('the Kubernetes example', () => {
  it('has all kinds that are promised, each as the API of Kubernetes wants it', () => {
    expect(new Set(manifests.map(({ kind }) => kind))).toEqual(new Set(Object.keys(MODELS)))
    for (const manifest of manifests) validate(manifest)
  })

  it('would be refused with a fault in it', () => {
    const [inFlightRequests] = workloads
    expect(() =>
      validate({ ...inFlightRequests, spec: { ...inFlightRequests.spec, replicas: 'two' } }),
    ).toThrow('replicas')
    expect(() =>
      validate({
        ...inFlightRequests,
        spec: { ...inFlightRequests.spec, template: {}, selector: undefined },
      }),
    ).toThrow()
  })

  it.each([
    ['spec.template.spec', 'terminationGracePeriodSecond'],
    ['spec.template.spec.containers.0', 'livenesProbe'],
    ['spec.template.spec.containers.0.securityContext', 'readOnlyRootFileSystem'],
    ['spec.template.spec.containers.0.resources', 'limit'],
  ])('would be refused with the misspelt field %s.%s', (path, field) => {
    const manifest = structuredClone(workloads[0])
    path.split('.').reduce((part, key) => part[key], manifest)[field] = 1
    expect(() => validate(manifest)).toThrow(field)
  })

  it.each(workloads)('$kind: gives an environment that the server starts with', ({ kind, spec }) => {
    const [{ env }] = spec.template.spec.containers
    const read = env.map(({ name, value }: Json) => {
      const secret = SECRET_VARIABLES.find(secret => name === `${secret}_FILE`)
      return secret === undefined ? [name, value] : [secret, SECRETS[secret] ?? 'a-secret-of-sixteen-or-more']
    })
    const inImage = { NODE_ENV: 'production', HOST: '0.0.0.0' }
    const config = loadConfig({ ...inImage, ...Object.fromEntries(read) })
    // GenAuth's 300 per second are for all replicas together.
    const sharers = config.redis === null ? spec.replicas : 1
    expect(config.genauth.maxRps * sharers).toBe(300)
    expect([kind, config.journal.log === 'store']).toEqual([kind, kind === 'Deployment'])
  })

  it.each(workloads)('$kind: names variables that exist, and secrets that are mounted', ({ kind, spec }) => {
    const { containers, volumes } = spec.template.spec
    const [{ env, volumeMounts }] = containers
    for (const { name } of env) expect(Object.keys(VARIABLES)).toContain(name)
    const given = env.map(({ name }: Json) => name)
    // There need not be a Redis or a store.
    for (const name of SECRET_VARIABLES.filter(name => !name.endsWith('_URL')))
      expect(given).toContain(`${name}_FILE`)
    const secret = manifests.find(({ kind }) => kind === 'Secret')
    const mount = volumeMounts.find(({ name }: Json) => name === 'secrets')
    expect(volumes).toContainEqual(expect.objectContaining({ name: 'secrets' }))
    const paths = Object.keys(secret.stringData).map(key => `${mount.mountPath}/${key}`)
    const files = env.filter(({ name }: Json) => name.endsWith('_FILE')).map(({ value }: Json) => value)
    const shared = kind === 'StatefulSet' ? [] : paths.filter(path => path.endsWith('-url'))
    const needed = paths.filter(path => !path.endsWith('-url'))
    expect(files.toSorted()).toEqual([...needed, ...shared].toSorted())
  })

  it.each(workloads)('$kind: gives the server the time that it needs to stop', ({ spec }) => {
    const { terminationGracePeriodSeconds, containers } = spec.template.spec
    const [{ env, readinessProbe }] = containers
    const delayMs = Number(env.find(({ name }: Json) => name === 'SHUTDOWN_DELAY_MS').value)
    const deadlineMs = Number(VARIABLES.REQUEST_DEADLINE_MS.default)
    expect(delayMs).toBeGreaterThanOrEqual(2_000 * readinessProbe.periodSeconds)
    expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(
      delayMs + deadlineMs + STOP_MARGIN_MS,
    )
  })

  it.each(workloads)('$kind: runs without rights, on files that it cannot write', ({ spec }) => {
    const { securityContext: ofPod, containers, ...pod } = spec.template.spec
    expect([pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([false, false])
    expect(ofPod).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  const OF_THE_JOURNAL = ['AUDIT_LOG', 'STORE_URL_FILE', 'REDIS_URL_FILE', 'GENAUTH_MAX_RPS']

  it('differs between its two workloads in nothing but where the journal goes', () => {
    const pods = workloads.map(({ spec }) => structuredClone(spec.template))
    for (const { spec } of pods) {
      const [container] = spec.containers
      container.env = container.env.filter(({ name }: Json) => !OF_THE_JOURNAL.includes(name))
      container.volumeMounts = container.volumeMounts.filter(({ name }: Json) => name !== 'journal')
    }
    expect(pods).toHaveLength(2)
    expect(pods[0]).toEqual(pods[1])
  })
})
