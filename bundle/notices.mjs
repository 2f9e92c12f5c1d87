import { readdirSync, readFileSync } from 'node:fs'

/** Of a module's path, the folder of its package. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
const LICENCE_FILE = /^(licen[cs]e|notice|copying)/i

/** A comment that names the author of code from elsewhere. */
const CREDIT = /\/\*![\s\S]*?\*\//g

/**
 * Returns the name, version, licence and licence text of each package whose modules are in the bundle, and what their
 * code says of its authors. The bundle has no comments.
 *
 * @param moduleIds the paths of the modules
 * @throws if a package names no licence, or has neither its text nor a place for it
 */
export function toNotices(moduleIds) {
  const folders = new Set(moduleIds.flatMap(id => PACKAGE.exec(id)?.[0] ?? []))
  const notices = [...folders]
    .map(folder =>
      toNotice(
        folder,
        moduleIds.filter(id => PACKAGE.exec(id)?.[0] === folder),
      ),
    )
    .toSorted()
  return `This folder holds code of these packages.\n\n${[...new Set(notices)].join('\n')}`
}

function toNotice(folder, moduleIds) {
  const { name, version, license, author, repository } = JSON.parse(
    readFileSync(`${folder}/package.json`, 'utf8'),
  )
  if (typeof license !== 'string') throw new Error(`${name} names no licence`)
  const texts = readdirSync(folder)
    .filter(file => LICENCE_FILE.test(file))
    .map(file => readFileSync(`${folder}/${file}`, 'utf8').trim())
  if (texts.length === 0) {
    const [by = 'its authors', from] = [author?.name ?? author, repository?.url ?? repository]
    if (from === undefined) throw new Error(`${name} has neither a licence text nor a repository`)
    texts.push(`Copyright (c) ${by}. The package comes without its licence text, which is at ${from}`)
  }
  const credits = moduleIds.flatMap(id => readFileSync(id, 'utf8').match(CREDIT) ?? [])
  return `## ${name}@${version} (${license})\n\n${[...texts, ...credits].join('\n\n')}\n`
}
