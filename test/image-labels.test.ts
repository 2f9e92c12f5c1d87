import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const ROOT = new URL('../', import.meta.url)
const dockerfile = readFileSync(new URL('Dockerfile', ROOT), 'utf8')
const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))

it('the image is labelled with what package.json says, and with what its build is told', () => {
  const labels = Object.fromEntries(
    [...dockerfile.matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  )
  const source = manifest.repository.url.replace(/^git\+|\.git$/g, '')
  expect(labels).toEqual({
    title: manifest.name,
    description: manifest.description,
    licenses: manifest.license,
    source,
    url: manifest.homepage,
    documentation: `${source}/tree/main/docs`,
    version: '$' + '{VERSION}',
    revision: '$' + '{REVISION}',
    created: '$' + '{CREATED}',
  })
  expect(dockerfile).toContain(`ARG VERSION=${manifest.version} REVISION="" CREATED=""`)
})

it('the package says where it comes from, where faults are told, and what it is found by', () => {
  expect(manifest.repository).toEqual({ type: 'git', url: expect.stringMatching(/^git\+https:\/\/.+\.git$/) })
  expect(manifest.bugs.url).toMatch(/^https:\/\/.+\/issues$/)
  expect(manifest.homepage).toMatch(/^https:\/\//)
  expect(manifest.keywords).toContain('graphql')
})

it('the image is built on the Node that README names for production, which is a tested one', () => {
  const majors = [...dockerfile.matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => major)
  const [major, ...others] = new Set(majors)
  expect(others).toEqual([])
  expect(readFileSync(new URL('README.md', ROOT), 'utf8')).toContain(`Run it on Node ${major}, as the image`)
  expect(manifest.engines.node).toContain(`^${major} `)
})
