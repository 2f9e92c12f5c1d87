import { describe, expect, it } from 'vitest'
import { parseRequestTarget } from '../../src/http/router.ts'

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'
const escaped = (text: string) =>
  text.replace(/./g, character => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

describe('a request target', () => {
  it.each([
    ['/graphql', '/graphql'],
    ['/graphql/', '/graphql'],
    ['/graphql?query=%7B__typename%7D', '/graphql'],
    ['/graphql/?x', '/graphql'],
    ['/graphql?', '/graphql'],
    ['/', '/'],
    ['/?x=/graphql', '/'],
    ['/%67raphq%6C', '/graphql'],
    ['/schema%2Egraphql', '/schema.graphql'],
    ['http://mfa.example.com/graphql', '/graphql'],
    ['HTTPS://mfa.example.com:8443/graphql/?x=1', '/graphql'],
    ['http://mfa.example.com', '/'],
    ['http://mfa.example.com?x=1', '/'],
  ])('%s has the path %s', (target, path) => {
    expect(parseRequestTarget(target)?.path).toBe(path)
  })

  it.each([
    '/GRAPHQL',
    '/graphql//',
    '/graphql%2F',
    '/%2Fgraphql',
    '/graphql%00',
    '/graphql%20',
    '/graphql;x=1',
    '/x/graphql',
    '/graphqll',
  ])('%s has another path than /graphql', target => {
    expect(parseRequestTarget(target)?.path).not.toBe('/graphql')
  })

  it.each([
    '',
    '*',
    'graphql',
    '//graphql',
    '//mfa.example.com/graphql',
    '/x/../graphql',
    '/x/%2e%2E/graphql',
    '/./graphql',
    '/%2e/graphql',
    '\\graphql',
    '/x\\..\\graphql',
    '/graphql#',
    '/graph ql',
    'http:graphql',
    'http:///graphql',
    'http://caller@mfa.example.com/graphql',
    'ftp://mfa.example.com/graphql',
    'file:///graphql',
  ])('%j is none', target => {
    expect(parseRequestTarget(target)).toBeNull()
  })

  it('means the same with each unreserved character escaped, and something else with any other', () => {
    const isDecoded = (character: string) => {
      const path = parseRequestTarget(`/x${escaped(character)}x`)?.path
      return path === `/x${character}x`
    }
    const all = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    expect(all.filter(isDecoded).toSorted()).toEqual([...UNRESERVED].toSorted())
  })
})
