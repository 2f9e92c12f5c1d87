import { addDotenv } from './add-dotenv.ts'
import type { CommandCall, Means, RunCommand } from './call.ts'
import type { CommandKey } from './commands.ts'
import { describeFailure } from './describe-failure.ts'
import { parseCommandLine } from './parse-command-line.ts'
import { printAll } from './print-all.ts'
import { printHelp } from './print-help.ts'

const MISUSED = 2

/** Loads each command only when it is needed. Help then needs no package, and a stop waits for no unused module. */
const RUNNERS: Readonly<Record<CommandKey, () => Promise<RunCommand>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  sandbox: async () => (await import('./serve-sandbox.ts')).serveSandbox,
  schema: async () => (await import('./print-schema.ts')).printSchema,
  'trusted-documents': async () => (await import('./print-trusted-documents.ts')).printTrustedDocuments,
  'audit-verify': async () => (await import('./verify-audit.ts')).verifyAudit,
  'history-index': async () => (await import('./index-history.ts')).indexHistory,
}

/**
 * Runs the command of the command line, and ends the process. If the command cannot run, stderr says why in one text
 * and the exit code is 1. If the command line cannot be used, the exit code is 2.
 */
export async function runProgram(means: Means): Promise<void> {
  const { program, end } = means
  // Without a listener the process would end when the reader of stderr leaves first.
  program.stderr.on('error', () => {})
  try {
    end(await runCommandLine(means))
  } catch (error) {
    program.stderr.write(`${await describeFailure(error)}\n`)
    end(1)
  }
}

async function runCommandLine(means: Means): Promise<number> {
  const { program, signals } = means
  const line = parseCommandLine(program.argv.slice(2))
  switch (line.kind) {
    case 'REFUSED':
      program.stderr.write(`${line.fault}\n\n${printHelp('serve')}`)
      return MISUSED
    case 'HELP':
      await printAll(program, printHelp(line.key))
      return 0
    case 'VERSION': {
      const { readPackageVersion } = await import('../package-version.ts')
      await printAll(program, `${readPackageVersion()}\n`)
      return 0
    }
    case 'COMMAND': {
      // A server stops in order. Any other command has nothing to stop.
      if (line.key !== 'serve' && line.key !== 'sandbox') signals.endOnAny()
      const call: CommandCall = { ...means, ...line.call }
      if (call.options.has('dotenv')) addDotenv(program)
      return (await RUNNERS[line.key]())(call)
    }
  }
}
