import { ISSUER_VARIABLES, TOKEN_VARIABLES } from './sections/access.ts'
import { CONSOLE_VARIABLES } from './sections/console.ts'
import { FEDERATION_VARIABLES } from './sections/federation.ts'
import { GENAUTH_VARIABLES } from './sections/genauth.ts'
import { GUARD_RAIL_VARIABLES } from './sections/guard-rails.ts'
import { HISTORY_VARIABLES } from './sections/history.ts'
import { HTTP_VARIABLES } from './sections/http.ts'
import { JOURNAL_VARIABLES } from './sections/journal.ts'
import { LIMIT_VARIABLES } from './sections/limits.ts'
import { LOG_VARIABLES } from './sections/log.ts'
import { MODE_VARIABLES } from './sections/mode.ts'
import { PROTECTION_VARIABLES } from './sections/protection.ts'
import { REDIS_VARIABLES } from './sections/redis.ts'
import { SANDBOX_VARIABLES } from './sections/sandbox.ts'
import { SCAN_VARIABLES } from './sections/scans.ts'
import { STORE_VARIABLES } from './sections/store.ts'
import { METRICS_VARIABLES } from './sections/telemetry.ts'
import { TRACE_VARIABLES } from './sections/traces.ts'
import { TRUSTED_DOCUMENT_VARIABLES } from './sections/trusted-documents.ts'
import type { Variables } from './variable.ts'

/** Every variable that is read. A test compares the table of `docs/configuration.md` with this list. */
export const VARIABLES = {
  ...MODE_VARIABLES,
  ...HTTP_VARIABLES,
  ...LOG_VARIABLES,
  ...GENAUTH_VARIABLES,
  ...ISSUER_VARIABLES,
  ...TOKEN_VARIABLES,
  ...CONSOLE_VARIABLES,
  ...GUARD_RAIL_VARIABLES,
  ...PROTECTION_VARIABLES,
  ...LIMIT_VARIABLES,
  ...JOURNAL_VARIABLES,
  ...FEDERATION_VARIABLES,
  ...TRUSTED_DOCUMENT_VARIABLES,
  ...METRICS_VARIABLES,
  ...TRACE_VARIABLES,
  ...REDIS_VARIABLES,
  ...STORE_VARIABLES,
  ...SCAN_VARIABLES,
  ...HISTORY_VARIABLES,
  ...SANDBOX_VARIABLES,
} satisfies Variables
