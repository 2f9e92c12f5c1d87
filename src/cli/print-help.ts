import { COMMANDS, COMMON_OPTIONS, type Command, type CommandKey } from './commands.ts'

const PROGRAM = 'genauth-graphql'

/** Returns the help of one command. The help of `serve` lists all commands. */
export function printHelp(key: CommandKey): string {
  const command: Command = COMMANDS[key]
  if (command.name === null) {
    const commands = Object.values<Command>(COMMANDS).map(each => [toLine(each) || '(none)', each.meaning])
    return toText([
      [`Usage: ${PROGRAM} [command] [options]`],
      ['Commands:', commands],
      ['Options:', toOptions({})],
    ])
  }
  return toText([
    [`Usage: ${PROGRAM} ${toLine(command)} [options]`],
    [`${command.meaning[0]?.toUpperCase()}${command.meaning.slice(1)}.`],
    ['Options:', toOptions(command.options)],
  ])
}

function toLine({ name, operands, options, insteadOfOperands }: Command): string {
  const flags = Object.keys(options).filter(option => option !== insteadOfOperands)
  const instead = insteadOfOperands === undefined ? '' : `|--${insteadOfOperands}`
  const words = [name, ...flags.map(option => `[--${option}]`), `${operands.text}${instead}`]
  return words.filter(Boolean).join(' ')
}

function toOptions(own: Command['options']): string[][] {
  const common = Object.entries(COMMON_OPTIONS).map(([name, { short, meaning }]) => [
    `${short === null ? '' : `-${short}, `}--${name}`,
    meaning,
  ])
  return [...Object.entries(own).map(([name, meaning]) => [`--${name}`, meaning]), ...common]
}

/** Each part has a head, and rows of two columns below it. */
function toText(parts: readonly (readonly [head: string, rows?: readonly (readonly string[])[]])[]): string {
  return `${parts
    .map(([head, rows = []]) => {
      const width = Math.max(0, ...rows.map(([left = '']) => left.length))
      return [head, ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`)].join('\n')
    })
    .join('\n\n')}\n`
}
