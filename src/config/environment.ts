import { isLoopback } from '../base/is-loopback.ts'
import { withoutByteOrderMark } from '../base/read-text-file.ts'
import { ConfigError } from './config-error.ts'
import { FILE_VARIABLES, type FileVariable, readSecrets } from './secret-files.ts'
import type { Values, Variable, Variables } from './variable.ts'

/** A variable that counts as unset, because its value was meant for another program. */
export interface IgnoredVariable {
  readonly variable: string
  /** The rule that the value breaks, without any part of the value. */
  readonly rule: string
}

/** A flat environment that is being read, with every fault found so far. An empty variable counts as unset. */
export class Environment {
  /** The secrets that come from files. */
  readonly secretsFromFiles: readonly FileVariable[]
  readonly ignoredVariables: IgnoredVariable[] = []
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #faults: string[] = []

  /** Reads the files of secrets that the environment names. */
  constructor(given: Readonly<Record<string, string | undefined>>) {
    const { env, fromFiles } = readSecrets(given, this.#faults)
    this.#env = env
    this.secretsFromFiles = fromFiles
  }

  /** Returns the values of variables. A variable with a fault has its default. */
  read<V extends Variables>(variables: V): Values<V> {
    const values = Object.entries(variables).map(([name, one]) => [name, this.#readOne(name, one)])
    return Object.fromEntries(values)
  }

  /** Returns `true` if a variable has a value, even one with a fault. */
  has(name: string): boolean {
    return Boolean(this.#env[name])
  }

  /** Returns `true` if a variable has a value or a file. An unreadable file is a fault already. */
  isGiven(name: string): boolean {
    return this.has(name) || (FILE_VARIABLES.some(secret => secret === name) && this.has(`${name}_FILE`))
  }

  /** Returns `true` if none of these variables and their files has a fault. */
  isSound(...names: readonly string[]): boolean {
    return !names.some(name => this.#faults.some(fault => new RegExp(`^${name}(_FILE)?:`).test(fault)))
  }

  /**
   * Adds a fault.
   *
   * @param rule the rule that the variable breaks, or the reason why it is required
   */
  refuse(name: string, rule: string): void {
    this.#faults.push(`${name}: ${rule}`)
  }

  /** Refuses a URL if others can read or replace the traffic to it. On this machine nobody can. */
  refuseOpenWire(name: string, url: string | null, scheme: 'https' | 'rediss://'): void {
    if (url === null) return
    const { protocol, hostname } = new URL(url)
    if (!/^(http|redis):$/.test(protocol) || isLoopback(hostname)) return
    this.refuse(name, `must be ${scheme} in production, unless the host is this machine itself`)
  }

  /** @throws ConfigError with every fault found, or with those that `isMeant` picks */
  throwFaults(isMeant: (fault: string) => boolean = () => true): void {
    const faults = this.#faults.filter(isMeant)
    if (faults.length > 0) throw new ConfigError(faults)
  }

  #readOne(name: string, { meaning, schema, default: fallback, isForeign }: Variable<unknown>): unknown {
    const unset = () => (fallback === null ? null : schema.parse(fallback))
    // `$(cat FILE)` keeps the byte order mark of the file.
    const text = withoutByteOrderMark(this.#env[name] ?? '')
    if (text === '') return unset()
    const parsed = schema.safeParse(text)
    if (parsed.success) return parsed.data
    const rule = parsed.error.issues[0]?.message ?? ''
    if (isForeign(text)) this.ignoredVariables.push({ variable: name, rule })
    else this.refuse(name, `${rule}. ${meaning}`)
    return unset()
  }
}
