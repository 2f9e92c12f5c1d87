import { z } from 'zod'
import { toOriginalPlace } from './original-place.ts'

/** A place in the code, as V8's profiles name it. */
export const frameSchema = z.object({
  functionName: z.string(),
  url: z.string(),
  lineNumber: z.number(),
  columnNumber: z.number(),
})

export type Frame = z.infer<typeof frameSchema>

export interface Share {
  readonly name: string
  /** The part of the whole. All of them add up to 1. */
  readonly share: number
}

/** Sums of a profile by package and by function. */
export class FrameSums {
  readonly #packages = new Map<string, number>()
  readonly #functions = new Map<string, number>()
  #total = 0

  add(frame: Frame, amount: number): void {
    const { functionName } = frame
    const { url, lineNumber } = toOriginalPlace(frame)
    this.#total += amount
    addTo(this.#packages, toPackage(url, functionName), amount)
    addTo(this.#functions, toFunction(url, lineNumber, functionName), amount)
  }

  get total(): number {
    return this.#total
  }

  byPackage(): Share[] {
    return this.#toShares(this.#packages)
  }

  byFunction(): Share[] {
    return this.#toShares(this.#functions)
  }

  #toShares(sums: ReadonlyMap<string, number>): Share[] {
    return [...sums]
      .map(([name, amount]) => ({ name, share: amount / this.#total }))
      .sort((a, b) => b.share - a.share)
  }
}

function addTo(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount)
}

/** Returns a package, a folder of this server, or Node. V8 and native functions have no place. */
function toPackage(url: string, functionName: string): string {
  const dependency = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (dependency !== undefined) return dependency
  const peer = /\/bench\/src\/subjects\/(.+)\.ts/.exec(url)?.[1]
  if (peer !== undefined) return `bench/${peer}`
  const own = /\/(?:src|dist)\/([^/]+)/.exec(url)?.[1]
  if (own !== undefined) return `src/${own}`
  if (url.startsWith('node:')) return url.replace(/^(node:internal\/\w+|node:\w+).*/, '$1')
  return functionName.startsWith('(') ? functionName : 'native'
}

function toFunction(url: string, lineNumber: number, functionName: string): string {
  const place = url.replace(/.*\/(node_modules|src|dist)\//, '')
  return place === '' ? functionName : `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`
}
