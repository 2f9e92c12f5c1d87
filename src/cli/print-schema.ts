import { loadSchemaConfig } from '../config/load-schema-config.ts'
import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

/** Prints the SDL that a server with the same environment publishes, or another form of the schema. */
export const printSchema: RunCommand = async ({ program, options }) => {
  const config = loadSchemaConfig(program.env)
  const { createSchema, printPublishedSdl } = await import('../schema/index.ts')
  const { printApiSdl } = await import('../schema/sdl/api-sdl.ts')
  const { printPossibleTypes } = await import('../schema/sdl/possible-types.ts')
  const plain = options.has('api') ? printApiSdl : printPublishedSdl
  const print = options.has('possible-types') ? printPossibleTypes : plain
  await printAll(program, print(createSchema(config)))
  return 0
}
