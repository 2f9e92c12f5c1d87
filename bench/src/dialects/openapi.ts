import type { Dialect } from './dialect.ts'
export const OPENAPI: Dialect = { toRequests: () => null, readContent: () => ({ applied: false }) }
