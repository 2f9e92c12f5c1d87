import type { ParsedCall } from './parse-command-line.ts'
import type { Signals } from './signals.ts'

/** What `main.ts` lends, which alone has the process. */
export interface Means {
  readonly program: NodeJS.Process
  readonly signals: Signals
  /** Ends the process without waiting for anything. */
  readonly end: (code: number) => void
  /** From now on asked at the end: whether Node's own exit would wait for a disk that hangs. */
  readonly holdUp: (judge: () => boolean) => void
}

export interface CommandCall extends Means, ParsedCall {}

/** Does what a command is for, and gives the exit code. What it throws is described on stderr, and is exit code 1. */
export type RunCommand = (call: CommandCall) => Promise<number>
