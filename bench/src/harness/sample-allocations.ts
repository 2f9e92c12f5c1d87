import { Session } from 'node:inspector/promises'
import { z } from 'zod'

/**
 * Loaded before a subject (`--import`). It samples allocations between two questions of the harness. Objects that are
 * collected in that time are included, and each sample stands for all that its interval holds.
 */

const SAMPLE_EVERY_BYTES = 32 * 1024

const frameSchema = z.object({
  functionName: z.string(),
  url: z.string(),
  lineNumber: z.number(),
  columnNumber: z.number(),
})
const nodeSchema = z.object({
  callFrame: frameSchema,
  selfSize: z.number(),
  get children() {
    return z.array(nodeSchema)
  },
})

type ProfileNode = z.infer<typeof nodeSchema>

const session = new Session()
session.connect()

process.on('message', question => {
  if (question === 'allocations:begin') void begin()
  if (question === 'allocations:end') void end()
})
process.channel?.unref()

async function begin(): Promise<void> {
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: SAMPLE_EVERY_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  process.send?.('begun')
}

/** Sends the bytes that each function itself has allocated. */
async function end(): Promise<void> {
  const { profile } = await session.post('HeapProfiler.stopSampling')
  const sums = new Map<string, { frame: ProfileNode['callFrame']; bytes: number }>()
  const waiting = [nodeSchema.parse(profile.head)]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { callFrame: frame, selfSize, children } = node
    waiting.push(...children)
    if (selfSize === 0) continue
    const key = `${frame.functionName} ${frame.url}:${frame.lineNumber}:${frame.columnNumber}`
    sums.set(key, { frame, bytes: (sums.get(key)?.bytes ?? 0) + selfSize })
  }
  process.send?.([...sums.values()])
}
