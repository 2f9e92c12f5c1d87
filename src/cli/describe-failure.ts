import { basename } from 'node:path'

/** The system errors that the journal's file can meet, each with the step to take. */
const JOURNAL_ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist. Make the folder, or name a file in another one',
  ENOTDIR: 'its folder is a file. Name a file in a folder',
  EACCES: 'the user of this process may not write there. Give it the right, or name a file in another folder',
  EPERM: 'the user of this process may not write there. Give it the right, or name a file in another folder',
  EROFS: 'the file system is read-only. Mount a folder that can be written, or name a file in another one',
  ENOSPC: 'the disk is full. Make room',
  EDQUOT: 'the disk quota is used up. Make room',
  EPIPE: 'nobody reads stdout. Send it somewhere, or name a file',
  EMFILE: 'this process may open no more files. Raise its limit',
}

/**
 * Describes an error that keeps a command from running, for the person who started it. The text names the cause and the
 * variable to change. It holds no value of the environment.
 */
export async function describeFailure(error: unknown): Promise<string> {
  return describeMissingModule(error) ?? (await describeKnown(error)) ?? describeUnexpected(error)
}

/** Runs before the other checks because they import modules, too. */
function describeMissingModule(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') return null
  const [, kind, name = ''] = /Cannot find (package|module) '([^']+)'/.exec(error.message) ?? []
  return kind === 'package' || !/^(\/|\.|file:|[A-Z]:)/.test(name)
    ? `The package ${name} is missing: run \`npm ci\`.`
    : `${basename(name)}, a file of this program, is missing: run \`npm ci\` and \`npm run build\`, or install the package again.`
}

async function describeKnown(error: unknown): Promise<string | null> {
  const { ConfigError } = await import('../config/config-error.ts')
  const { ListenError } = await import('../http/listen-error.ts')
  const { OperationsError } = await import('../http/page/read-operations.ts')
  const { OutputError } = await import('./print-all.ts')
  const known = [ConfigError, ListenError, OperationsError, OutputError]
  if (error instanceof Error && known.some(type => error instanceof type)) return error.message
  return describeJournalFault(error)
}

async function describeJournalFault(error: unknown): Promise<string | null> {
  const { NoJournalError } = await import('../journal/files/find-segments.ts')
  const { JournalBrokenError } = await import('../journal/journal-broken-error.ts')
  const { JournalLockedError } = await import('../journal/files/lock-file.ts')
  const { JournalUnavailableError } = await import('../mfa/journal-port.ts')
  if (error instanceof NoJournalError) return `audit-verify: ${error.message}`
  if (error instanceof JournalLockedError || error instanceof JournalBrokenError) {
    return error.message.startsWith('AUDIT_LOG') ? error.message : `AUDIT_LOG: ${error.message}`
  }
  if (!(error instanceof JournalUnavailableError)) return null
  const advice = JOURNAL_ADVICE[toCode(error.cause)]
  return `AUDIT_LOG: ${error.message}${advice === undefined ? '' : `: ${advice}`}.`
}

/** Leaves out the message, which may repeat a value of the environment. */
function describeUnexpected(error: unknown): string {
  const frame = error instanceof Error ? /^ +at .*$/m.exec(error.stack ?? '')?.[0].trim() : undefined
  return `Could not start (${toCode(error)}${frame === undefined ? '' : ` ${frame}`}). This is a fault of the program: report it with this line.`
}

function toCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
