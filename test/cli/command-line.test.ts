import { describe, expect, it } from 'vitest'
import { COMMANDS, type Command, type CommandKey } from '../../src/cli/commands.ts'
import { parseCommandLine } from '../../src/cli/parse-command-line.ts'
import { printHelp } from '../../src/cli/print-help.ts'

const KEYS = Object.keys(COMMANDS) as CommandKey[]

function toArgs(key: CommandKey, ...args: string[]): string[] {
  const { name } = COMMANDS[key]
  return name === null ? args : [name, ...args]
}

describe.each(KEYS)('the command line of %s', key => {
  it.each(['--help', '-h'])('with %s asks for help, whatever else is there', option => {
    expect(parseCommandLine(toArgs(key, option))).toEqual({ kind: 'HELP', key })
    expect(parseCommandLine([option, ...toArgs(key, '--unknown')])).toEqual({ kind: 'HELP', key })
  })

  it.each(['--version', '-v'])('with %s asks for the version', option => {
    expect(parseCommandLine(toArgs(key, option))).toEqual({ kind: 'VERSION' })
  })

  it.each(['--unknown', '-x', '--unknown=value'])('names the unknown option %s', option => {
    expect(parseCommandLine(toArgs(key, option))).toMatchObject({
      kind: 'REFUSED',
      fault: expect.stringMatching(new RegExp(`^Unknown option.*: ${option.replace('=value', '')}$`)),
    })
  })

  it('is made into help that has all of its options', () => {
    const { name, options }: Command = COMMANDS[key]
    const help = printHelp(key)
    for (const option of ['help', 'version', 'dotenv', ...Object.keys(options)]) {
      expect(help).toContain(`--${option}`)
    }
    expect(help).toContain(`Usage: genauth-graphql ${name ?? '[command]'}`)
    expect(printHelp('serve')).toContain(`  ${name ?? '(none)'}`)
  })
})

it.each([
  [['serve'], 'Unknown command: serve'],
  [['--dotenv', 'serve'], 'Unknown command: serve'],
  [['constructor'], 'Unknown command: constructor'],
  [['a\u001b[2J\n'], 'Unknown command: a?[2J?'],
  [['schema', 'extra'], 'schema: one argument too many: extra'],
  [['schema', '--', '--api'], 'schema: one argument too many: --api'],
  [['schema', '--api=on'], '--api takes no value'],
  [['--api'], 'Unknown option: --api'],
  [['sandbox', '--api'], 'Unknown option of sandbox: --api'],
  [['audit-verify'], 'audit-verify: FOLDER|FILE is missing'],
  [['audit-verify', 'a', 'b'], 'audit-verify: one argument too many: b'],
  [['audit-verify', '--store', 'a'], 'audit-verify: one argument too many: a'],
  [['history-index'], 'history-index: FOLDER|FILE... is missing'],
])('%j is refused', (args, fault) => {
  expect(parseCommandLine(args)).toEqual({ kind: 'REFUSED', fault })
})

it.each<[string[], CommandKey, string[], string[]]>([
  [[], 'serve', [], []],
  [['--dotenv'], 'serve', [], ['dotenv']],
  [['--dotenv', 'sandbox'], 'sandbox', [], ['dotenv']],
  [['schema', '--api'], 'schema', [], ['api']],
  [['trusted-documents', 'a', '--', '-b'], 'trusted-documents', ['a', '-b'], []],
  [['audit-verify', 'folder'], 'audit-verify', ['folder'], []],
  [['audit-verify', '--store'], 'audit-verify', [], ['store']],
  [['history-index', 'a', 'b', 'c'], 'history-index', ['a', 'b', 'c'], []],
  [['history-index', '--store'], 'history-index', [], ['store']],
])('%j is %s', (args, key, operands, options) => {
  const call = { operands, options: new Set(options) }
  expect(parseCommandLine(args)).toEqual({ kind: 'COMMAND', key, call })
})
