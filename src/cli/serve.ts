import { fstatSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isatty } from 'node:tty'
import type { DestinationStream, Logger } from 'pino'
import { type Config, loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { findCertificatesFault } from '../config/find-certificates-fault.ts'
import { findUnreadVariables } from '../config/find-unread-variables.ts'
import { findUnusedProxies } from '../config/find-unused-proxies.ts'
import type { App, Host } from '../host.ts'
import { judgeStream } from '../journal/judge-stream.ts'
import { createLog } from '../log.ts'
import { createReadableLog } from '../readable-log.ts'
import type { CommandCall, RunCommand } from './call.ts'
import { createOutput, type Output } from './output.ts'

/** The time that a reader of the log gets to take its last lines. */
const FLUSH_MS = 500

/**
 * Serves GraphQL until the process receives a stop signal, and then stops in order. A signal before the start is over
 * abandons the start.
 */
export const serve: RunCommand = async call => {
  const { program, signals, holdUp } = call
  const config = load(program.env)
  const wasKept = isKept(program)
  refuseLostJournal(config.journal, wasKept, program)
  let log: Logger | null = null
  const output = createOutput({
    stream: program.stdout,
    onFailure: code => program.stderr.write(describeLoss(code)),
    onDropped: prints =>
      log?.warn({ dropped: prints }, 'lines of the log are missing here: nobody read them'),
  })
  log = createLog(config.log.level, toDestination(config, output, program.stdout.isTTY))
  warnOfEnvironment(config, program.env, log)

  const { createApp } = await import('../app.ts')
  let listening: App | null = null
  const started = createApp(config, log, {
    ...toHost(call, config, log, output),
    isStdoutLost: () => wasKept && !isKept(program),
    /** From here on the server answers reads, so a stop ends them in order. */
    onListening(app) {
      listening = app
      // A stream never delays the exit.
      if (config.journal.log !== 'stdout') holdUp(app.isHeldUp)
      signals.handleHangUps(() => void app.rereadSecrets().then(app.beginSegment))
    },
  })
  const first = await Promise.race([started, signals.stopped()])
  if (typeof first !== 'string') announce(first, config, call, log, output)
  const signal = await signals.stopped()
  await stop(listening, started, signal === 'SIGTERM' ? config.server.shutdownDelayMs : 0, log)
  await output.flush(FLUSH_MS)
  return 0
}

async function stop(
  listening: App | null,
  started: Promise<App>,
  delayMs: number,
  log: Logger,
): Promise<void> {
  log.info('stopping')
  // An abandoned start may fail because of the stop, so its error says nothing.
  const isOver = started.catch(() => {})
  if (listening === null) await isOver
  else {
    listening.stopReceiving()
    await setTimeout(delayMs)
    await listening.close()
  }
  log.info('stopped')
}

/** Adds variables that may be misspelt to the faults, because one of the faults may be a missing variable. */
function load(env: NodeJS.ProcessEnv): Config {
  try {
    return loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const unread = findUnreadVariables(env).map(
      ({ name, nearest }) => `${name}: is not read${nearest === null ? '' : `. Is ${nearest} meant?`}`,
    )
    throw new ConfigError([...error.faults, ...unread])
  }
}

function toHost(
  { program, signals }: CommandCall,
  config: Config,
  log: Logger,
  output: Output,
): Omit<Host, 'isStdoutLost'> {
  const isSeenOnly = config.journal.log === 'stdout' && !program.env['AUDIT_LOG'] && program.stdout.isTTY
  if (isSeenOnly) log.info('the journal is not kept, and not shown on a terminal: name a file in AUDIT_LOG')
  return {
    pid: program.pid,
    isAlive: pid => isAlive(program, pid),
    writeStdout: isSeenOnly ? async () => {} : output.deliver,
    reloadConfig: () => loadConfig(program.env),
    stop: signals.stop,
  }
}

/** Writes to stderr because the log itself goes to stdout. */
function refuseLostJournal(
  { log, mustBeKept }: Config['journal'],
  wasKept: boolean,
  { stderr }: NodeJS.Process,
): void {
  if (log !== 'stdout' || wasKept) return
  const fault = 'AUDIT_LOG: stdout keeps nothing: send it to a pipe or a file, or name a file'
  if (mustBeKept) throw new ConfigError([fault])
  stderr.write(`${fault}. No write will be on record.\n`)
}

function isKept({ stdout }: NodeJS.Process): boolean {
  return judgeStream(fstatSync(stdout.fd), isatty(stdout.fd)) === 'KEPT'
}

function describeLoss(code: string): string {
  return code === 'EPIPE'
    ? 'Nobody reads stdout any more: what is written there is lost.\n'
    : `stdout cannot be written (${code}): what is written there is lost.\n`
}

/** Writes JSON lines, or readable lines if somebody sits in front of a terminal. */
function toDestination({ log }: Config, output: Output, isTerminal: boolean): DestinationStream {
  return log.isReadable && isTerminal ? createReadableLog(output.print) : { write: output.print }
}

function warnOfEnvironment(config: Config, env: NodeJS.ProcessEnv, log: Logger): void {
  const { genauth, access, telemetry, isProduction } = config
  for (const { name, nearest } of findUnreadVariables(env)) {
    log.warn({ variable: name, nearest }, 'this variable is not read: perhaps it is misspelt')
  }
  const fault = findCertificatesFault(env)
  if (fault !== null) log.warn({ fault }, 'NODE_EXTRA_CA_CERTS: its certificates are not trusted')
  // The log says this at the start. Behind a closed network the first sign would otherwise be calls that time
  // out.
  const unused = findUnusedProxies(env)
  const staysHere = genauth.access === null && access.issuer === null && telemetry.traces === null
  if (unused.length > 0 && !staysHere) {
    log.warn({ unused }, 'no proxy is used: GenAuth, the issuer and the trace collector are reached directly')
  }
  if (genauth.access !== null && !isProduction) {
    log.warn(
      'an access key outside of production: GraphiQL, introspection and plain http are allowed; set NODE_ENV=production',
    )
  }
}

/** The last line of a start tells a waiting person what to do next. */
function announce(
  { url, sandboxUrl, metricsUrl }: App,
  { server, console }: Config,
  { program }: CommandCall,
  log: Logger,
  output: Output,
): void {
  if (sandboxUrl !== null) {
    const text =
      'no access key: using the embedded sandbox, a stand-in for GenAuth with made-up users, for development and tests'
    log.warn({ sandbox: sandboxUrl }, text)
  }
  const metrics = metricsUrl === null ? {} : { metrics: metricsUrl }
  const page = console === null ? {} : { console: `${url}/console` }
  log.info({ graphql: `${url}/graphql`, graphiql: server.graphiql, ...page, ...metrics }, 'ready')
  const opened = [...(console === null ? [] : ['/console']), ...(server.graphiql ? ['/graphql'] : [])]
  if (opened.length === 0) return
  const line = `Open ${opened.map(path => `${toReachable(url)}${path}`).join(' or ')}\n`
  // If stdout is no terminal, programs read it as JSON lines.
  if (program.stdout.isTTY) output.print(line)
  else if (sandboxUrl !== null) program.stderr.write(line)
}

/** A browser cannot open the address that means "any address of this machine". */
function toReachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}

function isAlive(program: NodeJS.Process, pid: number): boolean {
  try {
    return program.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
