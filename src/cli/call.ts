import type { ParsedCall } from './parse-command-line.ts'
import type { Signals } from './signals.ts'

/** The parts of the process that `main.ts` lends to a command. Only `main.ts` has the process itself. */
export interface Means {
  readonly program: NodeJS.Process
  readonly signals: Signals
  /** Ends the process without waiting for anything. */
  readonly end: (code: number) => void
  /** Sets the question that the end asks from now on: would Node's own exit wait for a disk that hangs? */
  readonly holdUp: (judge: () => boolean) => void
}

export interface CommandCall extends Means, ParsedCall {}

/** Runs one command and returns its exit code. If it throws, stderr describes the error and the exit code is 1. */
export type RunCommand = (call: CommandCall) => Promise<number>
