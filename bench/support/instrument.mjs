// Copies a built server, so that each function reports its number when it is entered.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import process from 'node:process'
import ts from 'typescript'

/**
 * Copies the script's package, with links to everything that it may read, to a folder that goes with this process. The
 * copy calls `globalThis.enterFunction`, if it exists, with the number of each function that is entered.
 *
 * Returns the script's copy, and by number the place of a function below `src/`: `file`, `line` and `name`. The name is
 * empty for a function without one.
 */
export function copyInstrumented(script) {
  const dist = dirname(resolve(script))
  const root = dirname(dist)
  const folder = mkdtempSync(join(tmpdir(), 'instrumented-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  for (const name of readdirSync(root)) {
    if (name !== basename(dist)) symlinkSync(join(root, name), join(folder, name))
  }
  const copy = join(folder, basename(dist))
  cpSync(dist, copy, { recursive: true })
  const functions = []
  for (const name of readdirSync(copy, { recursive: true })) {
    const path = join(copy, name)
    // A file without a map was not compiled from `src/`.
    if (!path.endsWith('.js') || !existsSync(`${path}.map`)) continue
    const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')))
    const file = name.replace(/\.js$/, '.ts')
    writeFileSync(path, instrument(readFileSync(path, 'utf8'), file, map, functions))
  }
  return { script: join(copy, relative(dist, resolve(script))), functions }
}

/** Returns the text with a call at the beginning of each function, and adds the functions to `functions`. */
function instrument(text, file, map, functions) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const edits = []
  const visit = node => {
    if (ts.isFunctionLike(node) && node.body !== undefined) {
      const { line, character } = source.getLineAndCharacterOfPosition(node.getStart())
      const name = (node.name ?? node.parent.name)?.getText() ?? ''
      const call = `globalThis.enterFunction?.(${functions.length})`
      functions.push({ file, line: map.findEntry(line, character).originalLine + 1, name })
      const start = node.body.getStart()
      if (ts.isBlock(node.body)) edits.push([start + 1, `${call};`])
      else edits.push([start, `(${call},(`], [node.body.end, '))'])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return edits
    .toSorted(([a], [b]) => b - a)
    .reduce((edited, [at, added]) => edited.slice(0, at) + added + edited.slice(at), text)
}
