import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, expect, it } from 'vitest'
import { findCertificatesFault } from '../../src/config/find-certificates-fault.ts'

const folder = mkdtempSync(join(tmpdir(), 'find-certificates-fault-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [PEM = ''] = rootCertificates

it.each<[what: string, content: string | Buffer | null, fault: string | null]>([
  ['is in order', `# a comment\n${PEM}\n`, null],
  ['is not there', null, 'cannot be read: there is no such file'],
  ['holds something else', 'no certificate', 'must hold certificates in PEM form'],
  ['begins with a byte order mark, which Node overlooks', `\uFEFF${PEM}`, null],
  ['is UTF-16', Buffer.from(PEM, 'utf16le'), 'must be UTF-8 text: it is UTF-16'],
])('judges a file of certificates that %s', (what, content, fault) => {
  const NODE_EXTRA_CA_CERTS = join(folder, what)
  if (content !== null) writeFileSync(NODE_EXTRA_CA_CERTS, content)
  expect(findCertificatesFault({ NODE_EXTRA_CA_CERTS })).toBe(fault)
})

it('says nothing where there is none', () => {
  expect(findCertificatesFault({})).toBeNull()
})
