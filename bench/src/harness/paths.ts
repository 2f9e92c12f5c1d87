import { fileURLToPath } from 'node:url'

/** Returns the path of a built script of the harness. */
export function toScript(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}

/** The path of the measured server, as it is started and packed. */
export const SERVER_SCRIPT = fileURLToPath(new URL('../../../dist/bundle/main.js', import.meta.url))

/** The same as separate modules, of which single ones can be replaced. */
export const MODULES_SCRIPT = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

export const RESULTS_FOLDER = fileURLToPath(new URL('../../results/', import.meta.url))
