import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ask } from './harness/http-connection.ts'
import type { RunningSubject } from './harness/running-subject.ts'

/** The evidence that a subject has left so far. A duty that it does not have stays at 0. */
export interface EvidenceCounts {
  readonly intents: number
  readonly outcomes: number
  readonly syncs: number
  readonly logLines: number
  readonly measuredRequests: number
}

/** The line of a request may be written after its response was sent. */
const LONGEST_WAIT_MS = 2_000
const POLL_MS = 20

export async function countEvidence({ evidence, ask: question }: RunningSubject): Promise<EvidenceCounts> {
  const { journalFolder, requestLog, metrics } = evidence
  const records = journalFolder === null ? [] : await readAll(journalFolder)
  const log = requestLog === null ? '' : await readFile(requestLog, 'latin1')
  return {
    intents: countIn(records, '"kind":"intent"'),
    outcomes: countIn(records, '"kind":"outcome"'),
    syncs: journalFolder === null ? 0 : z.number().parse(await question('syncs')),
    logLines: log.split('\n').filter(isLineOfOperation).length,
    measuredRequests: metrics === null ? 0 : await readCounter(metrics),
  }
}

/**
 * Checks that a number of requests, one after another, left their evidence. That is two synced records for each change,
 * and a line and a count for each request.
 *
 * @returns what is missing, or `null`
 */
export async function findMissingEvidence(
  running: RunningSubject,
  before: EvidenceCounts,
  { requests, changes }: { readonly requests: number; readonly changes: number },
): Promise<string | null> {
  const { journalFolder, requestLog, metrics } = running.evidence
  const givesUpAtMs = performance.now() + LONGEST_WAIT_MS
  for (;;) {
    const after = await countEvidence(running)
    const found = {
      intents: after.intents - before.intents,
      outcomes: after.outcomes - before.outcomes,
      logLines: after.logLines - before.logLines,
      measuredRequests: after.measuredRequests - before.measuredRequests,
    }
    const syncs = after.syncs - before.syncs
    const isThere =
      (journalFolder === null ||
        (found.intents === changes && found.outcomes === changes && syncs >= 2 * changes)) &&
      (requestLog === null || found.logLines === requests) &&
      (metrics === null || found.measuredRequests === requests)
    if (isThere) return null
    if (performance.now() > givesUpAtMs) {
      return `left ${JSON.stringify({ ...found, syncs })} of ${requests} requests with ${changes} changes`
    }
    await sleep(POLL_MS)
  }
}

/** A full file of this server's journal becomes one of several. */
async function readAll(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(name => name.includes('.jsonl'))
  return Promise.all(names.map(name => readFile(join(folder, name), 'latin1')))
}

/** Every operation is a POST. The line of the last probe of a start may come late. */
function isLineOfOperation(line: string): boolean {
  return line.includes('"msg":"request"') && !line.includes('"method":"GET"')
}

function countIn(texts: readonly string[], wanted: string): number {
  let count = 0
  for (const text of texts)
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) count++
  return count
}

/** Adds up all series of the counter. */
async function readCounter({ url, counter }: { url: string; counter: string }): Promise<number> {
  const { body } = await ask(url, { method: 'GET', path: '/metrics' })
  const series = new RegExp(`^${counter}(?:\\{.*\\})? (\\d+)$`, 'gm')
  return [...body.toString().matchAll(series)].reduce((sum, [, value]) => sum + Number(value), 0)
}
