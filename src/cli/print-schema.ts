import { loadSchemaConfig } from '../config/load-schema-config.ts'
import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

/** Prints the SDL that a server with the same environment publishes. */
export const printSchema: RunCommand = async ({ program, options }) => {
  const config = loadSchemaConfig(program.env)
  const { createSchema, printPublishedSdl } = await import('../schema/index.ts')
  const { printApiSdl } = await import('../schema/sdl/api-sdl.ts')
  const print = options.has('api') ? printApiSdl : printPublishedSdl
  await printAll(program, print(createSchema(config)))
  return 0
}
