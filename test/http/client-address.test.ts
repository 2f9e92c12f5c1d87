import { describe, expect, it } from 'vitest'
import { createClientAddress } from '../../src/http/client-address/client-address.ts'
import { parseTrustedProxies } from '../../src/http/client-address/trusted-proxies.ts'

const CLIENT = '203.0.113.7'
const [PROXY, OUTER] = ['10.0.0.1', '10.0.0.2']

interface Came {
  readonly from?: string
  /** Of `TRUST_PROXY`; unset: nobody is trusted. */
  readonly trust?: string
  readonly xff?: string
  readonly forwarded?: string
}

function addressOf({ from = PROXY, trust, xff, forwarded }: Came): string | null {
  const trusted = trust === undefined ? ({ kind: 'NONE' } as const) : parseTrustedProxies(trust)
  if (trusted === null) throw new Error('Not a value of TRUST_PROXY')
  const headers = {
    ...(xff === undefined ? {} : { 'x-forwarded-for': xff }),
    ...(forwarded === undefined ? {} : { forwarded }),
  }
  return createClientAddress(trusted)({ headers, socket: { remoteAddress: from } })
}

describe("the client's address", () => {
  it.each<[string, Came, string]>([
    ['nobody is trusted', { xff: CLIENT, forwarded: `for=${CLIENT}` }, PROXY],
    ['no hop is trusted', { trust: '0', xff: CLIENT }, PROXY],
    ['the proxy says nothing', { trust: '1' }, PROXY],
    ['one proxy is there', { trust: '1', xff: CLIENT }, CLIENT],
    ['the client has written an entry of its own', { trust: '1', xff: `6.6.6.6, ${CLIENT}` }, CLIENT],
    ['the client has written no address', { trust: '1', xff: `<script>, ${CLIENT}` }, CLIENT],
    ['two proxies are there', { trust: '2', xff: `6.6.6.6, ${CLIENT}, ${OUTER}` }, CLIENT],
    ['there are fewer proxies than trusted', { trust: '3', xff: CLIENT }, CLIENT],
    ['a network is trusted', { trust: '10.0.0.0/8', xff: `6.6.6.6, ${CLIENT}, ${OUTER}` }, CLIENT],
    ['the peer is not of the network', { trust: '10.0.0.0/8', from: '11.0.0.1', xff: CLIENT }, '11.0.0.1'],
    ['all are of the network', { trust: '10.0.0.0/8', xff: `10.9.9.9, ${OUTER}` }, '10.9.9.9'],
    ['one address is trusted', { trust: PROXY, xff: `${CLIENT}, ${OUTER}` }, OUTER],
    ['private networks are', { trust: 'loopback, uniquelocal', xff: `${CLIENT}, 192.168.1.1` }, CLIENT],
    ['the peer is this machine', { trust: 'loopback', from: '::1', xff: CLIENT }, CLIENT],
    ['IPv4 comes as IPv6', { from: '::ffff:203.0.113.7' }, CLIENT],
    ['a trusted IPv4 comes as IPv6', { trust: '10.0.0.0/8', from: '::ffff:10.0.0.1', xff: CLIENT }, CLIENT],
    ['the network is IPv4 in IPv6', { trust: '::ffff:10.0.0.0/104', xff: CLIENT }, CLIENT],
    ['an entry is IPv4 as IPv6', { trust: '1', xff: '::FFFF:cb00:7107' }, CLIENT],
    ['an entry is IPv6', { trust: '1', xff: '2001:DB8:0::1' }, '2001:db8::1'],
    ['an entry has a port', { trust: '1', xff: `${CLIENT}:54321` }, CLIENT],
    ['an IPv6 entry has a port', { trust: '1', xff: '[2001:db8::1]:54321' }, '2001:db8::1'],
    ['an IPv6 network is trusted', { trust: 'fd00::/8', from: 'fd12::1', xff: CLIENT }, CLIENT],
    ['the peer has a zone', { from: 'fe80::1%eth0' }, 'fe80::1'],
    ['Forwarded names it', { trust: '1', forwarded: `for=${CLIENT};proto=https;by=10.0.0.1` }, CLIENT],
    ['Forwarded names others first', { trust: '1', forwarded: `for=6.6.6.6, For="${CLIENT}:80"` }, CLIENT],
    ['Forwarded names IPv6', { trust: '1', forwarded: 'proto=http; FOR="[2001:db8::1]:80"' }, '2001:db8::1'],
    ['Forwarded has empty parts', { trust: '1', forwarded: `for=6.6.6.6,, for=${CLIENT};,` }, CLIENT],
    ['Forwarded has a quoted comma', { trust: '1', forwarded: `a="\\",", for=${CLIENT}` }, CLIENT],
    ['both agree', { trust: '1', xff: CLIENT, forwarded: `for="${CLIENT}:80"` }, CLIENT],
  ])('if %s', (_when, came, expected) => {
    expect(addressOf(came)).toBe(expected)
  })

  it.each<[string, Came]>([
    ['is no address', { xff: 'mfa.example.com' }],
    ['is empty', { xff: '' }],
    ['ends in a comma', { xff: `${CLIENT},` }],
    ['has a part too many', { xff: '1.2.3.4.5' }],
    ['is written in octal', { xff: '0203.0.113.7' }],
    ['has a zone', { xff: 'fe80::1%eth0' }],
    ['has a line for the log', { xff: '1.2.3.4\\n{"level":"error"}' }],
    ['is unknown', { forwarded: 'for=unknown' }],
    ['is hidden', { forwarded: 'for=_hidden' }],
    ['is left out', { forwarded: `by=${CLIENT};proto=https` }],
    ['is in a quote that is not closed', { forwarded: `for=6.6.6.6, x=", for=${CLIENT}` }],
    ['is in a quote that the client left open', { forwarded: 'for=6.6.6.6, x=", for="[2001:db8::1]"' }],
    ['stands behind what is no pair', { forwarded: `for 6.6.6.6, for=${CLIENT}` }],
    ['is another in each header', { xff: CLIENT, forwarded: 'for=6.6.6.6' }],
    ['cannot be read in one of them', { xff: CLIENT, forwarded: 'for="' }],
  ])("is the proxy's where the one that it names %s", (_how, headers) => {
    expect(addressOf({ trust: '1', ...headers })).toBe(PROXY)
  })

  it('is the last one that is known where a proxy further away names none', () => {
    expect(addressOf({ trust: '10.0.0.0/8', xff: `unknown, ${OUTER}` })).toBe(OUTER)
  })

  it('is not looked for in more than 32 entries', () => {
    const all = Array.from({ length: 5_000 }, (_, index) => `10.${index >> 8}.${index & 255}.9`)
    expect(addressOf({ trust: '10.0.0.0/8', xff: all.join(', ') })).toBe(all.at(-32))
    const forwarded = all.map(address => `for=${address}`).join(',')
    expect(addressOf({ trust: '10.0.0.0/8', forwarded })).toBe(all.at(-32))
  })

  it('is told apart for more addresses than are remembered', () => {
    const clientAddress = createClientAddress(parseTrustedProxies('10.0.0.0/8') ?? { kind: 'NONE' })
    const headers = { 'x-forwarded-for': CLIENT }
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1_200; index++) {
        const rest = `0.${index >> 8}.${index & 255}`
        expect(clientAddress({ headers, socket: { remoteAddress: `10.${rest}` } })).toBe(CLIENT)
        expect(clientAddress({ headers, socket: { remoteAddress: `11.${rest}` } })).toBe(`11.${rest}`)
      }
    }
  })

  it('is not known of a connection that has ended', () => {
    expect(createClientAddress({ kind: 'NONE' })({ headers: {}, socket: {} })).toBeNull()
  })
})

describe('TRUST_PROXY', () => {
  it.each([
    '17',
    '-1',
    '1.5',
    'true',
    'all',
    'toString',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    '::ffff:10.0.0.0/8',
    '10.0.0.0/8,',
    '10.0.0.0/8 10.0.0.1',
    'mfa.example.com',
    'fe80::1%eth0',
  ])('is not %s', text => {
    expect(parseTrustedProxies(text)).toBeNull()
  })
})
