import { z } from 'zod'
import type { Environment } from '../environment.ts'
import { word } from '../value-schemas.ts'
import { variable } from '../variable.ts'

export const TRUSTED_DOCUMENT_VARIABLES = {
  TRUSTED_DOCUMENTS: variable(
    'Documents that requests name by the SHA-256 of their text: off, prefer (beside any other) or only (and no other).',
    'off',
    z.enum(['off', 'prefer', 'only'], 'must be off, prefer or only'),
  ),
  TRUSTED_DOCUMENTS_FILE: variable(
    'Manifest of them, as `genauth-graphql trusted-documents` prints it. Unset: those of `operations/`.',
    null,
    word,
  ),
}

export interface TrustedDocumentSettings {
  readonly mode: 'off' | 'prefer' | 'only'
  /** `null` stands for the documents that come with the product. */
  readonly file: string | null
}

export function readTrustedDocuments(env: Environment): TrustedDocumentSettings {
  const { TRUSTED_DOCUMENTS: mode, TRUSTED_DOCUMENTS_FILE: file } = env.read(TRUSTED_DOCUMENT_VARIABLES)
  if (mode === 'off' && file !== null && env.isSound('TRUSTED_DOCUMENTS')) {
    env.refuse('TRUSTED_DOCUMENTS', 'must be prefer or only with TRUSTED_DOCUMENTS_FILE')
  }
  return { mode, file }
}
