import { parseArgs } from 'node:util'
import { COMMANDS, COMMON_OPTIONS, type Command, type CommandKey } from './commands.ts'

export type CommandLine =
  | { readonly kind: 'COMMAND'; readonly key: CommandKey; readonly call: ParsedCall }
  | { readonly kind: 'HELP'; readonly key: CommandKey }
  | { readonly kind: 'VERSION' }
  /** `fault` names the argument that cannot be used. */
  | { readonly kind: 'REFUSED'; readonly fault: string }

/** The operands and options that a command was given. */
export interface ParsedCall {
  readonly operands: readonly string[]
  /** Names without hyphens. */
  readonly options: ReadonlySet<string>
}

/**
 * Parses a command line without the names of the programs. It reports the first fault, but a request for help always
 * wins.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    options: toParserOptions(),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const words = tokens.flatMap(token => (token.kind === 'positional' ? [token.value] : []))
  const options = tokens.filter(token => token.kind === 'option')
  const [name, ...rest] = words
  const key = name === undefined ? 'serve' : findCommand(name)
  const isAsked = (option: string) => options.some(given => given.name === option)
  if (key !== null && isAsked('help')) return { kind: 'HELP', key }
  if (key === null) return refuse(`Unknown command: ${toShown(name)}`)

  const command: Command = COMMANDS[key]
  for (const { name: option, rawName, value } of options) {
    if (!Object.hasOwn(COMMON_OPTIONS, option) && !Object.hasOwn(command.options, option)) {
      const holder = command.name === null ? '' : ` of ${command.name}`
      return refuse(`Unknown option${holder}: ${toShown(rawName)}`)
    }
    if (value !== undefined) return refuse(`${rawName} takes no value`)
  }
  if (isAsked('version')) return { kind: 'VERSION' }
  const { insteadOfOperands } = command
  const isReplaced = insteadOfOperands !== undefined && isAsked(insteadOfOperands)
  const { text, min, max } = isReplaced ? { text: '', min: 0, max: 0 } : command.operands
  if (rest.length < min) return refuse(`${command.name}: ${text} is missing`)
  if (rest.length > max) return refuse(`${command.name}: one argument too many: ${toShown(rest[max])}`)
  return {
    kind: 'COMMAND',
    key,
    call: { operands: rest, options: new Set(options.map(option => option.name)) },
  }
}

function toParserOptions() {
  const options: Record<string, { type: 'boolean'; short?: string }> = {}
  for (const { options: own } of Object.values<Command>(COMMANDS)) {
    for (const name of Object.keys(own)) options[name] = { type: 'boolean' }
  }
  for (const [name, { short }] of Object.entries(COMMON_OPTIONS)) {
    options[name] = { type: 'boolean', ...(short === null ? {} : { short }) }
  }
  return options
}

function findCommand(word: string): CommandKey | null {
  return isKey(word) && COMMANDS[word].name === word ? word : null
}

function isKey(word: string): word is CommandKey {
  return Object.hasOwn(COMMANDS, word)
}

function refuse(fault: string): CommandLine {
  return { kind: 'REFUSED', fault }
}

/** Returns the text as it was typed, without characters that could move the cursor of a terminal. */
function toShown(text = ''): string {
  return text.replaceAll(/[^ -~]/g, '?').slice(0, 100)
}
