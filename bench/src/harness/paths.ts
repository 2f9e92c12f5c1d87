import { fileURLToPath } from 'node:url'

/** A script of the harness, as built. */
export function toScript(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}

/** The server that is measured, as built. */
export const SERVER_SCRIPT = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

export const RESULTS_FOLDER = fileURLToPath(new URL('../../results/', import.meta.url))
