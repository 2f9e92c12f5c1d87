import { expect, it } from 'vitest'
import { findUnusedProxies } from '../../src/config/find-unused-proxies.ts'

it('names the variables that name a proxy, and never their values', () => {
  const PROXY = 'http://user:password@proxy.example.com:3128'
  const env = { HTTPS_PROXY: PROXY, http_proxy: PROXY, all_proxy: '', NO_PROXY: '*', MY_HTTP_PROXY: PROXY }
  expect(findUnusedProxies(env)).toEqual(['HTTPS_PROXY', 'http_proxy'])
  expect(findUnusedProxies({ PATH: '/bin' })).toEqual([])
})
