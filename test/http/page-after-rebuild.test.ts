import { createHash } from 'node:crypto'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphqlUrl, type Program, startIn } from '../support/program.ts'

/** What the built program reads from its package. */
const OWN_FILES = ['package.json', 'dist/bundle', 'dist/pages', 'operations']

let folder: string
let program: Program
let origin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'))
  for (const path of OWN_FILES) await cp(path, join(folder, path), { recursive: true })
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  const env = { PORT: '0', SANDBOX_PORT: '0', CONSOLE: 'on', GRAPHIQL: 'on' }
  program = startIn(folder, ['dist/bundle/main.js'], env)
  origin = new URL(await graphqlUrl(program)).origin
}, 60_000)

afterAll(async () => {
  await program[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** By hand, since fetch decodes bodies. Returns the status and the bytes as they are sent. */
function get(path: string, encoding: string): Promise<readonly [number, Buffer]> {
  const headers = { accept: 'text/html', 'accept-encoding': encoding }
  return new Promise((resolve, reject) => {
    request(new URL(path, origin), { headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk)).once('error', reject)
      response.once('end', () => resolve([response.statusCode ?? 0, Buffer.concat(chunks)]))
    })
      .once('error', reject)
      .end()
  })
}

/** Returns the status, and the bytes by their number and hash. */
async function take([path, encoding]: readonly [string, string]) {
  const [status, body] = await get(path, encoding)
  return { path, encoding, status, bytes: body.length, hash: createHash('sha256').update(body).digest('hex') }
}

async function filesOf(page: string): Promise<string[]> {
  const [, html] = await get(page, 'identity')
  const references = [...String(html).matchAll(/(?:src|href)="(\.\/[^"]+)"/g)]
  return references.map(([, reference = '']) => new URL(reference, new URL(page, origin)).pathname)
}

it('a page answers with the same bytes after its build is gone from the disk', {
  timeout: 60_000,
}, async () => {
  const files = [...(await filesOf('/console/')), ...(await filesOf('/graphql'))]
  const wanted = files.flatMap(file => ['br', 'gzip', 'identity'].map(encoding => [file, encoding] as const))
  const before = await Promise.all(wanted.map(take))
  expect(before.filter(({ status, bytes }) => status !== 200 || bytes === 0)).toEqual([])
  expect(new Set(files.map(file => file.split('/')[1]))).toEqual(new Set(['console', 'graphiql']))
  await rm(join(folder, 'dist/pages'), { recursive: true })
  expect([...(await filesOf('/console/')), ...(await filesOf('/graphql'))]).toEqual(files)
  expect(await Promise.all(wanted.map(take))).toEqual(before)
})
