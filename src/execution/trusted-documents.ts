import { createHash } from 'node:crypto'
import { Lexer, parse, print, Source, stripIgnoredCharacters, TokenKind } from 'graphql'
import { z } from 'zod'
import { tryParseJson } from '../base/parse-json.ts'
import { MAX_TOKENS } from './document-limits.ts'

/** How GraphQL over HTTP marks an id that is the SHA-256 of its document. */
const HASH_PREFIX = 'sha256:'

const manifestSchema = z.record(z.string(), z.string())

/** Documents that a request may name by their id in place of sending them. */
export interface TrustedDocuments {
  /** The document of an id without `sha256:`; null when it is not listed. */
  findDocument(id: string): string | null
  /** The id of a listed document that has the same tokens; blanks and comments do not count. */
  findId(text: string): string | null
}

/** Why a manifest cannot be used. Names places in it and repeats nothing of it. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
}

export function createTrustedDocuments(documents: readonly string[]): TrustedDocuments {
  const byId = new Map(documents.map(document => [toDocumentId(document), document]))
  const idByTokens = new Map([...byId].map(([id, document]) => [stripIgnoredCharacters(document), id]))
  return {
    findDocument: id => byId.get(id) ?? null,
    findId: text => (hasFewTokens(text) ? (idByTokens.get(stripIgnoredCharacters(text)) ?? null) : null),
  }
}

/** The hexadecimal SHA-256 of a document as it is sent. */
export function toDocumentId(document: string): string {
  return createHash('sha256').update(document).digest('hex')
}

/** An id as a request or a manifest may spell it, without its optional prefix. */
export function toBareId(id: string): string {
  return id.startsWith(HASH_PREFIX) ? id.slice(HASH_PREFIX.length) : id
}

/**
 * The manifest of some documents, as graphql-js prints them. Its form is that of graphql-codegen's client preset,
 * which prints them otherwise, and so gives them other ids.
 *
 * @throws GraphQLError for a text that is not a document
 */
export function printManifest(texts: readonly string[]): string {
  const documents = texts.map(text => print(parse(text)))
  const entries = documents.map(document => [`${HASH_PREFIX}${toDocumentId(document)}`, document])
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}

/**
 * Reads the documents of a manifest: a JSON object of ids to documents, each id the SHA-256 of its document,
 * with or without `sha256:`.
 *
 * @throws ManifestError naming the first entry at fault, counted from 1
 */
export function parseManifest(text: string): readonly string[] {
  const parsed = manifestSchema.safeParse(tryParseJson(text))
  if (!parsed.success) throw new ManifestError('must be a JSON object of ids to documents')
  const entries = Object.entries(parsed.data)
  if (entries.length === 0) throw new ManifestError('must list at least one document')
  return entries.map(([id, document], index) => {
    if (toBareId(id) !== toDocumentId(document)) {
      throw new ManifestError(`entry ${index + 1}: the id must be the SHA-256 of the document`)
    }
    if (!isDocument(document)) throw new ManifestError(`entry ${index + 1}: must be a GraphQL document`)
    return document
  })
}

function isDocument(text: string): boolean {
  try {
    parse(text, { maxTokens: MAX_TOKENS })
    return true
  } catch {
    return false
  }
}

/** Whether a text is made of no more tokens than a document may have; those behind are not looked at. */
function hasFewTokens(text: string): boolean {
  const lexer = new Lexer(new Source(text))
  try {
    for (let tokens = 0; tokens <= MAX_TOKENS; tokens++) {
      if (lexer.advance().kind === TokenKind.EOF) return true
    }
  } catch {
    // Not even made of tokens.
  }
  return false
}
