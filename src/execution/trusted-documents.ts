import { createHash } from 'node:crypto'
import { Lexer, parse, print, Source, stripIgnoredCharacters, TokenKind } from 'graphql'
import { z } from 'zod'
import { tryParseJson } from '../base/parse-json.ts'
import { MAX_TOKENS } from './document-limits.ts'

/** The mark of GraphQL over HTTP for an id that is the SHA-256 of its document. */
const HASH_PREFIX = 'sha256:'

const manifestSchema = z.record(z.string(), z.string())

/** Documents that a request may name by their id, without sending them. */
export interface TrustedDocuments {
  /** Returns the document of an id without `sha256:`, or `null` if it is not listed. */
  findDocument(id: string): string | null
  /** Returns the id of the listed document that has the same tokens, or `null`. Blanks and comments do not count. */
  findId(text: string): string | null
}

/** A manifest cannot be used. The message names places in it, and repeats nothing of it. */
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

/** Returns the hexadecimal SHA-256 of a document as it is sent. */
export function toDocumentId(document: string): string {
  return createHash('sha256').update(document).digest('hex')
}

/** Removes the optional prefix of an id that a request or a manifest holds. */
export function toBareId(id: string): string {
  return id.startsWith(HASH_PREFIX) ? id.slice(HASH_PREFIX.length) : id
}

/**
 * Prints the manifest of some documents, each as graphql-js prints it. Its form is that of graphql-codegen's client
 * preset. That preset prints documents in another way, and so gives them other ids.
 *
 * @throws GraphQLError for a text that is not a document
 */
export function printManifest(texts: readonly string[]): string {
  const documents = texts.map(text => print(parse(text)))
  const entries = documents.map(document => [`${HASH_PREFIX}${toDocumentId(document)}`, document])
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}

/**
 * Reads the documents of a manifest, which is a JSON object of ids to documents. Each id is the SHA-256 of its
 * document, with or without `sha256:`.
 *
 * @throws ManifestError that names the first entry at fault, counted from 1
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

/** Returns `true` if a text has no more tokens than a document may have. Tokens beyond the limit are not looked at. */
function hasFewTokens(text: string): boolean {
  const lexer = new Lexer(new Source(text))
  try {
    for (let tokens = 0; tokens <= MAX_TOKENS; tokens++) {
      if (lexer.advance().kind === TokenKind.EOF) return true
    }
  } catch {
    // The text does not even consist of tokens.
  }
  return false
}
