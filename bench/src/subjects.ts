import { LAYER } from './dialects/layer.ts'
import { OPENAPI } from './dialects/openapi.ts'
import { REST } from './dialects/rest.ts'
import { startRedis } from './harness/start-redis.ts'
import { startBare, startServerVariant, startWithDuties } from './start-subject.ts'
import type { Subject } from './subject.ts'
import { FEATURES_OFF } from './take-away/removals.ts'
import { startWithout } from './take-away/start-without.ts'

/** Those that are measured unless some are named. */
export const COMPARED_NAMES = [
  'proxy',
  'server',
  'server-quiet',
  'server-disk',
  'server-bare',
  'apollo-duties',
  'mercurius-duties',
  'apollo-server',
  'mercurius',
  'graphql-http',
  'hive-gateway',
] as const

export const SUBJECT_NAMES = [...COMPARED_NAMES, 'server-other', 'server-traced', 'server-shared'] as const

export type SubjectName = (typeof SUBJECT_NAMES)[number]

export const SUBJECTS: Readonly<Record<SubjectName, Subject>> = {
  proxy: { ...toBare('bare Node proxy', 'proxy'), dialect: REST },
  server: toServer('this server', (surroundings, extras) =>
    startServerVariant({ name: 'server' }, surroundings, extras),
  ),
  'server-quiet': toServer('this server, log at warn, no metrics', (surroundings, extras) =>
    startServerVariant({ name: 'server-quiet', isQuiet: true }, surroundings, extras),
  ),
  'server-disk': toServer('this server, journal on disk', (surroundings, extras) =>
    startServerVariant({ name: 'server-disk', isOnDisk: true }, surroundings, extras),
  ),
  'server-bare': {
    title: 'this server, features off',
    dialect: LAYER,
    hasDuties: false,
    start: (surroundings, extras) => startWithout(FEATURES_OFF, surroundings, extras),
  },
  'apollo-duties': toDutiful('Apollo Server 5, same duties', 'apollo-duties'),
  'mercurius-duties': toDutiful('Mercurius with JIT, same duties', 'mercurius-duties'),
  'apollo-server': toBare('Apollo Server 5, nothing on', 'apollo-server'),
  mercurius: toBare('Mercurius with JIT, nothing on', 'mercurius'),
  'graphql-http': toBare('graphql-http, nothing on', 'graphql-http'),
  'hive-gateway': { ...toBare('Hive Gateway over OpenAPI', 'hive-gateway'), dialect: OPENAPI },
  'server-other': toServer('this server, other build or variables', (surroundings, extras = {}) => {
    const { script, env } = surroundings.other
    const variant = { name: 'server-other', ...(script === null ? {} : { script }) }
    return startServerVariant(variant, surroundings, { ...extras, env: { ...env, ...extras.env } })
  }),
  'server-traced': toServer('this server with traces', (surroundings, extras = {}) => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: surroundings.upstream.url, ...extras.env }
    return startServerVariant({ name: 'server-traced' }, surroundings, { ...extras, env })
  }),
  'server-shared': toServer('this server with Redis', async (surroundings, extras = {}) => {
    const env = { REDIS_URL: await startRedis(), ...extras.env }
    return startServerVariant({ name: 'server-shared' }, surroundings, { ...extras, env })
  }),
}

function toServer(title: string, start: Subject['start']): Subject {
  return { title, dialect: LAYER, hasDuties: true, start }
}

function toBare(title: string, script: string): Subject {
  const start: Subject['start'] = (surroundings, extras) => startBare(script, surroundings, extras)
  return { title, dialect: LAYER, hasDuties: false, start }
}

function toDutiful(title: string, script: string): Subject {
  const start: Subject['start'] = (surroundings, extras) => startWithDuties(script, surroundings, extras)
  return { title, dialect: LAYER, hasDuties: true, start }
}
