type Execute = () => Promise<unknown>

interface Plugin {
  onParams?(payload: { context: object; setParamsHandler(handler: Execute): void }): void
}

/** Executes without the pipeline of GraphQL Yoga. */
export const createGraphqlOverHttp =
  () => (plugins: readonly Plugin[]) => async (operation: unknown, type: string) => {
    let execute: Execute | null = null
    const setParamsHandler = (handler: Execute) => {
      execute = handler
    }
    for (const plugin of plugins) plugin.onParams?.({ context: { operation }, setParamsHandler })
    const result = await run(execute)
    const headers = { 'content-type': `${type}; charset=utf-8` }
    return { kind: 'WHOLE', httpStatus: 200, headers, body: JSON.stringify(result) }
  }

function run(execute: Execute | null): Promise<unknown> {
  if (execute === null) throw new Error('No plugin executes the operation')
  return execute()
}
