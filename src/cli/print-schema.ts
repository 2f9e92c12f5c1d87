import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

export const printSchema: RunCommand = async ({ program, options }) => {
  const { createSchema, printPublishedSdl } = await import('../schema/index.ts')
  const { printApiSdl } = await import('../schema/api-sdl.ts')
  const print = options.has('api') ? printApiSdl : printPublishedSdl
  await printAll(program, print(createSchema()))
  return 0
}
