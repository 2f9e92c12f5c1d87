import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { graphqlUrl, startProgram } from './support/program.ts'

const BUNDLE = new URL('../dist/bundle/', import.meta.url)
const MAX_ASCII = 0x7f
/** Tells at the end which of its own modules Node has loaded. */
const TELL_LOADED = `process.on('exit', () => process.stderr.write('loaded ' + process.moduleLoadList.join() + ';'))`

describe('the bundle', () => {
  it('is ASCII, so that its text takes one byte for each character in memory', () => {
    const scripts = readdirSync(BUNDLE).filter(name => name.endsWith('.js'))
    expect(scripts).toContain('app.js')
    const others = scripts.filter(name => readFileSync(new URL(name, BUNDLE)).some(byte => byte > MAX_ASCII))
    expect(others).toEqual([])
  })

  it("serves requests without Node's own fetch and HTTP/2, which would take 13 MB of memory", async () => {
    const preload = ['--import', `data:text/javascript,${encodeURIComponent(TELL_LOADED)}`]
    await using program = startProgram([], { PORT: '0', SANDBOX_PORT: '0' }, preload)
    const url = await graphqlUrl(program)
    const sandboxUrl = /"sandbox":"([^"]+)"/.exec(program.stdout())?.[1]
    const { admin } = await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()
    for (const accept of ['application/json', 'multipart/mixed', 'text/event-stream']) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${admin}` },
        body: JSON.stringify({ query: '{ userMfa(userId: "65a000000000000000000001") { __typename } }' }),
      })
      expect(await response.text()).toContain('{"data":{"userMfa":{"__typename":"UserMfa"}}}')
    }
    program.process.kill('SIGTERM')
    expect(await program.exitCode()).toBe(0)
    const loaded = /loaded ([^;]*);/.exec(program.stderr())?.[1]?.split(',') ?? []
    expect(loaded).toContain('NativeModule http')
    expect(loaded.filter(name => /undici|http2/.test(name))).toEqual([])
  })
})
