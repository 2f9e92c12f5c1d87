import { DiagLogLevel, diag } from '@opentelemetry/api'

/**
 * Builds a part of OpenTelemetry, and collects the names of the environment variables that its packages warn of. These
 * packages read variables of their own while they are built. Their texts are left out, because they repeat values.
 */
export function collectSdkWarnings<T>(build: () => T): { readonly built: T; readonly variables: string[] } {
  const variables = new Set<string>()
  const note = (text: string) => {
    for (const [name] of text.matchAll(/\bOTEL_[A-Z_]+/g)) variables.add(name)
  }
  const logger = { error: note, warn: note, info() {}, debug: note, verbose() {} }
  diag.setLogger(logger, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true })
  try {
    return { built: build(), variables: [...variables] }
  } finally {
    diag.disable()
  }
}
