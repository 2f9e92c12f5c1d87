import { existsSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readTextFile } from '../base/read-text-file.ts'
import { ConfigError } from '../config/config-error.ts'

const FILE = '.env'
const MAX_BYTES = 1_048_576
/** Node reads these before the program starts. */
const OF_NODE = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']

/**
 * Reads `.env` in the working folder in the same way as Node. Adds each variable that the environment lacks. Without a
 * file it adds nothing.
 *
 * @throws ConfigError if the file cannot be read
 */
export function addDotenv({ env, stderr }: Pick<NodeJS.Process, 'env' | 'stderr'>): void {
  if (!existsSync(FILE)) return
  const read = readTextFile(FILE, MAX_BYTES)
  if ('fault' in read) throw new ConfigError([`.env ${read.fault}`])
  for (const [name, value] of Object.entries(parseEnv(read.text))) {
    if (env[name] !== undefined) continue
    if (OF_NODE.includes(name)) stderr.write(`${name} has no effect in .env: set it in the environment.\n`)
    else env[name] = value
  }
}
