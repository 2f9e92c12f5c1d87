import type { DestinationStream } from 'pino'
import { escapeInvisible } from './base/invisible.ts'

/** These fields have a place of their own in the line. */
const PLACED = new Set(['time', 'level', 'msg'])

/** Formats a line for a terminal: the time of the day, the level, the message, and the rest as `name=value`. */
export function toReadableLine(jsonLine: string): string {
  const fields: Record<string, unknown> = JSON.parse(jsonLine)
  const { time, level, msg } = fields
  const rest = Object.entries(fields)
    .filter(([name]) => !PLACED.has(name))
    .map(([name, value]) => ` ${name}=${isPlain(value) ? value : escapeInvisible(JSON.stringify(value))}`)
  return `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)} ${msg ?? ''}${rest.join('')}\n`
}

/** Creates a destination that prints the log's lines in that form. */
export function createReadableLog(print: (text: string) => void): DestinationStream {
  return { write: line => print(toReadableLine(line)) }
}

/** Anything else could move the cursor of the terminal, or look like two fields. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]+$/.test(value)
}
