import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { CANARY } from './support/canaries.ts'
import { readCertificate, TEST_CA_FILE } from './support/connection-faults.ts'
import { startFaultUpstream } from './support/fault-upstream.ts'
import { startProcess } from './support/start-process.ts'

const READ = '{ userMfa(userId: "u") { __typename ... on MfaError { code retryable } } }'
const SET = `mutation { setUserMfaStatus(input: { userId: "u", factors: [{ type: EMAIL }], triggerData: { mfaToken: "${CANARY.mfaToken}" } }) {
  __typename ... on MfaError { code retryable } ... on MfaUpstreamUnavailableError { outcome } } }`

/** Node reads whom to trust besides when it starts, so each of these needs a process of its own. */
async function askOver(certificate: 'good' | 'wrong-name' | 'expired', env: Record<string, string> = {}) {
  await using genauth = await startFaultUpstream({ tls: readCertificate(certificate) })
  await using layer = await startProcess({
    ...genauth.env,
    GENAUTH_AUTH: 'signature',
    NODE_EXTRA_CA_CERTS: fileURLToPath(TEST_CA_FILE),
    ...env,
  })
  const read = (await layer.graphql(READ)).data.userMfa
  const set = (await layer.graphql(SET)).data.setUserMfaStatus
  // Its lines come through a pipe, each operation's own after those of its calls.
  await vi.waitUntil(() => layer.lines().filter(({ msg }) => msg === 'request').length === 2, 10_000)
  return { read, set, lines: layer.lines(), genauth }
}

describe.concurrent('a GenAuth behind TLS', { tags: 'long', timeout: 90_000 }, () => {
  it('is used when an authority of one’s own vouches for it, named in NODE_EXTRA_CA_CERTS', async () => {
    const { read, set, genauth } = await askOver('good')
    expect([read.__typename, set.__typename]).toEqual(['UserMfa', 'SetUserMfaStatusSuccess'])
    expect(genauth.writes).toEqual(['u'])
  })

  it.for([
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID', {}],
    ['expired', 'CERT_HAS_EXPIRED', {}],
    ['good', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', { NODE_EXTRA_CA_CERTS: '' }],
  ] as const)(
    'whose certificate is %s (%s) is sent nothing, once, and loudly',
    async ([name, cause, env]) => {
      const { read, set, lines, genauth } = await askOver(name, env)
      const unavailable = { code: 'UPSTREAM_UNAVAILABLE', retryable: false }
      expect(read).toMatchObject(unavailable)
      expect(set).toMatchObject({ ...unavailable, outcome: 'NOT_APPLIED' })
      expect(genauth.requests).toEqual([])
      expect(genauth.connections()).toBe(2)
      const loud = lines.filter(line => line.level === 'error')
      expect(loud.map(line => line.cause)).toEqual([cause, cause])
    },
  )
})
