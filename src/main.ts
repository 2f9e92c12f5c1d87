#!/usr/bin/env node
import { fstatSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isatty } from 'node:tty'
import type { DestinationStream, Logger } from 'pino'
import type { App } from './app.ts'
import { NoJournalError } from './audit/find-segments.ts'
import { JournalBrokenError } from './audit/journal-broken-error.ts'
import { judgeStream } from './audit/judge-stream.ts'
import { JournalLockedError } from './audit/lock-file.ts'
import { type AuditConfig, type Config, ConfigError, loadConfig, loadVerifierSecrets } from './config.ts'
import { findUnusedProxies } from './find-unused-proxies.ts'
import { createLog } from './log.ts'
import { JournalUnavailableError } from './mfa/journal.ts'

const USAGE = `Usage: genauth-graphql [command]

  (none)    start the GraphQL server
  sandbox   start the GenAuth stand-in alone and print how to reach it
  schema [--api]   print the published SDL, for gateways; with --api the plain one, for tools of front ends
  trusted-documents [FILE...]   print the manifest of these documents, or of those that come with this package
  audit-verify FOLDER|FILE   check a journal with all its segments, with AUDIT_KEY or GENAUTH_ACCESS_KEY_SECRET (or their _FILE) as it was written
`

/** Runs one command; what keeps it from running is said in one text and ends in exit code 1. */
async function main(command: string | undefined): Promise<void> {
  outliveReaders()
  switch (command) {
    case undefined:
      return serve()
    case 'sandbox':
      return serveSandbox()
    case 'audit-verify':
      return verifyAudit(process.argv[3])
    case 'trusted-documents':
      return printTrustedDocuments(process.argv.slice(3))
    case 'schema':
      return printSchema(process.argv.slice(3))
    default:
      process.stderr.write(USAGE)
      process.exitCode = 2
  }
}

/**
 * The reader of a pipe may leave first. Without this the process would die of it, sets in the middle. A record that
 * cannot be handed over is the journal's to refuse, and what can be printed nowhere is lost.
 */
function outliveReaders(): void {
  process.stderr.on('error', () => {})
  process.stdout.once('error', () => {
    process.exitCode = 1
    process.stderr.write('Nobody reads stdout any more: what is written there is lost.\n')
  })
  process.stdout.on('error', () => {})
}

async function serve(): Promise<void> {
  // From the first file that is read: the signal's default would end the process.
  let isDue = false
  let onHangUp = async () => {
    isDue = true
  }
  process.on('SIGHUP', () => void onHangUp())
  const config = loadConfig(process.env)
  const wasKept = isStdoutKept()
  refuseLostJournal(config.audit, wasKept)
  const log = createLog(config.log.level, await createDestination(config.log.isReadable))
  warnOfProxies(config, log)
  if (config.genauth.access !== null && !config.isProduction) {
    log.warn(
      'an access key outside of production: GraphiQL, introspection and plain http are allowed; set NODE_ENV=production',
    )
  }
  const { createApp } = await import('./app.ts')
  const reloadConfig = () => loadConfig(process.env)
  const isStdoutLost = () => wasKept && !isStdoutKept()
  const host = { pid: process.pid, isAlive, writeStdout, isStdoutLost, reloadConfig, onListening }
  const app = await createApp(config, log, host)
  if (app.sandboxUrl !== null) {
    const text =
      'no access key: using the embedded sandbox, a stand-in for GenAuth with made-up users, for development and tests'
    log.warn({ sandbox: app.sandboxUrl }, text)
  }
  const metrics = app.metricsUrl === null ? {} : { metrics: app.metricsUrl }
  log.info({ graphql: `${app.url}/graphql`, graphiql: config.server.graphiql, ...metrics }, 'ready')

  /** Reads are served from here on, and what is served is ended in order. */
  function onListening(listening: App): void {
    onHangUp = async () => {
      await listening.rereadSecrets()
      await listening.beginSegment()
    }
    if (isDue) void onHangUp()
    closeOnSignal(async signal => {
      log.info('stopping')
      listening.stopReceiving()
      if (signal === 'SIGTERM') await setTimeout(config.server.shutdownDelayMs)
      await listening.close()
      log.info('stopped')
    }, listening.isHeldUp)
  }
}

/** Says on stderr what the log cannot say, since that goes to stdout too. */
function refuseLostJournal({ log, mustBeKept }: AuditConfig, isKept: boolean): void {
  if (log !== 'stdout' || isKept) return
  const fault = 'AUDIT_LOG: stdout keeps nothing: send it to a pipe or a file, or name a file'
  if (mustBeKept) throw new ConfigError([fault])
  process.stderr.write(`${fault}. No write will be on record.\n`)
}

function isStdoutKept(): boolean {
  return judgeStream(fstatSync(process.stdout.fd), isatty(process.stdout.fd)) === 'KEPT'
}

/** Said at the start, since behind a closed network the first sign would be calls that time out. */
function warnOfProxies({ genauth, access, telemetry }: Config, log: Logger): void {
  const unused = findUnusedProxies(process.env)
  const staysHere = genauth.access === null && access.issuer === null && telemetry.traces === null
  if (unused.length === 0 || staysHere) return
  log.warn({ unused }, 'no proxy is used: GenAuth, the issuer and the trace collector are reached directly')
}

/** JSON lines, but for somebody who sits in front of a terminal. */
async function createDestination(isReadable: boolean): Promise<DestinationStream | undefined> {
  if (!isReadable || !process.stdout.isTTY) return undefined
  const { createReadableLog } = await import('./readable-log.ts')
  return createReadableLog(text => process.stdout.write(text))
}

async function serveSandbox(): Promise<void> {
  const config = loadConfig(process.env)
  const { startSandbox } = await import('./sandbox/sandbox.ts')
  const { headerPrefix } = config.genauth
  const sandbox = await startSandbox({ port: config.sandbox.port, headerPrefix })
  process.stderr.write(
    'The sandbox is a stand-in for GenAuth with made-up users, for development and tests.\n',
  )
  const { url, accessKeyId, accessKeySecret } = sandbox
  process.stdout.write(
    `GENAUTH_URL=${url}\nGENAUTH_ACCESS_KEY_ID=${accessKeyId}\nGENAUTH_ACCESS_KEY_SECRET=${accessKeySecret}\n`,
  )
  closeOnSignal(() => sandbox.close())
}

/** Exit code 0: the chain is in order. 1: it is not, or the file cannot be read. */
async function verifyAudit(file: string | undefined): Promise<void> {
  if (file === undefined) throw new ConfigError(['audit-verify: name the folder or the file of a journal'])
  const { toAuditKeyring } = await import('./audit/audit-key.ts')
  const { describeVerification, verifyJournal } = await import('./audit/verify-journal.ts')
  const { SANDBOX_ACCESS_KEY_SECRET } = await import('./sandbox/sandbox.ts')
  const { auditKeys, accessKeySecret } = loadVerifierSecrets(process.env)
  const ring = toAuditKeyring({ auditKeys, accessKeySecret: accessKeySecret ?? SANDBOX_ACCESS_KEY_SECRET })
  const result = await verifyJournal(file, ring)
  process.stdout.write(`${describeVerification(result).join('\n')}\n`)
  process.exitCode = result.firstBreak === null ? 0 : 1
}

async function printTrustedDocuments(files: readonly string[]): Promise<void> {
  const { OPERATIONS } = await import('./server/operations.ts')
  const { printManifest } = await import('./server/trusted-documents.ts')
  try {
    const given = files.map(file => readFileSync(file, 'utf8'))
    const own = () => OPERATIONS.map(({ document }) => document)
    process.stdout.write(printManifest(given.length > 0 ? given : own()))
  } catch {
    throw new ConfigError(['trusted-documents: name files that can be read, each a GraphQL document'])
  }
}

async function printSchema(options: readonly string[]): Promise<void> {
  const { createSchema, printPublishedSdl } = await import('./schema/index.ts')
  const { printApiSdl } = await import('./schema/api-sdl.ts')
  const print = options.includes('--api') ? printApiSdl : printPublishedSdl
  process.stdout.write(print(createSchema()))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function writeStdout(lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(lines, error => (error ? reject(error) : resolve()))
  })
}

type StopSignal = 'SIGINT' | 'SIGTERM'

/** What a start that is not over fails with from then on is the stop's doing. */
let isClosing = false

/** The first signal stops in order, a second one at once. */
function closeOnSignal(close: (signal: StopSignal) => Promise<void>, isHeldUp = () => false): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isClosing) exit(1, isHeldUp())
      isClosing = true
      close(signal).then(() => exit(0, isHeldUp()), fail)
    })
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${describe(error)}\n`)
  process.exit(1)
}

/** Node's own exit waits for a disk that hangs, for as long as it does. */
function exit(code: number, isHeldUp: boolean): void {
  if (isHeldUp) process.kill(process.pid, 'SIGKILL')
  process.exit(code)
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? ` ${error.port}` : ''
    return `Port${port} is in use: set PORT or SANDBOX_PORT to another one.`
  }
  if (
    error instanceof JournalLockedError ||
    error instanceof JournalBrokenError ||
    error instanceof NoJournalError ||
    error instanceof JournalUnavailableError
  ) {
    return error.message
  }
  // Not the message: it may repeat a value of the environment.
  const reason = error instanceof Error ? ('code' in error ? error.code : error.name) : typeof error
  return `Could not start (${reason}): check HOST and PORT.`
}

main(process.argv[2]).catch(error => isClosing || fail(error))
