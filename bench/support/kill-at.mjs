// Kills this process with -9 at a point on the way of a change from the journal into the history. The server knows
// nothing of it, because `node --import` loads it before. KILL_AT is the name of the point. KILL_AFTER is how many
// times it is passed first.
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import Database from 'libsql'
import pg from 'pg'

/** The statements of the writer of the index, by the point before or behind them. */
const STATEMENTS = {
  'before the transaction': [/^begin/, 'BEFORE'],
  'before the changes': [/insert into "mfa_changes"/, 'BEFORE'],
  'between the changes and the mark': [/insert into "mfa_change_chains"/, 'BEFORE'],
  'before the end of the transaction': [/^commit/, 'BEFORE'],
  'after the transaction': [/^commit/, 'AFTER'],
}

const point = process.env.KILL_AT
let left = Number(process.env.KILL_AFTER)
/** `true` once a change was on record, so that the start itself is over. */
let isArmed = process.env.KILL_IN_START === '1'

function pass() {
  if (isArmed && left-- <= 0) process.kill(process.pid, 'SIGKILL')
}

// The file of the journal is the only one that is appended to and synced.
const path = join(tmpdir(), `kill-at-${process.pid}`)
const probe = await open(path, 'w')
const handle = Object.getPrototypeOf(probe)
await probe.close()
await rm(path)
let holdsOutcome = false
const { appendFile, datasync } = handle
handle.appendFile = function (data, ...rest) {
  holdsOutcome = String(data).includes('"kind":"outcome"')
  return appendFile.call(this, data, ...rest)
}
handle.datasync = async function () {
  await datasync.call(this)
  if (!holdsOutcome) return
  isArmed = true
  if (point === 'when the outcome is durable') pass()
}

const [statement, when] = STATEMENTS[point] ?? [null, null]
const { prepare } = Database.prototype
Database.prototype.prepare = function (text) {
  const prepared = prepare.call(this, text)
  if (statement?.test(text) !== true) return prepared
  for (const name of ['run', 'all']) {
    const run = prepared[name]
    prepared[name] = (...values) => {
      if (when === 'BEFORE') pass()
      const result = run.apply(prepared, values)
      if (when === 'AFTER') pass()
      return result
    }
  }
  return prepared
}

const { query } = pg.Client.prototype
pg.Client.prototype.query = function (text, ...rest) {
  const isIt = typeof text === 'string' && statement?.test(text) === true
  if (isIt && when === 'BEFORE') pass()
  const result = query.call(this, text, ...rest)
  if (isIt && when === 'AFTER') return result.finally(pass)
  return result
}
