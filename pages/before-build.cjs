// Names the missing parts of a build before a tool fails with words of its own. Then it removes from `dist` the
// output of sources that are gone. An old Node reads this file, too.
'use strict'

const { existsSync, readdirSync, rmSync } = require('node:fs')
const { engines } = require('../package.json')
const [needed] = /[\d.]+/.exec(engines.node)
const toNumber = version => version.split(/[.-]/, 3).reduce((number, part) => number * 1e4 + Number(part), 0)

if (toNumber(process.versions.node) < toNumber(needed)) {
  fail(`This project needs Node ${needed} or newer. This is Node ${process.versions.node}.`)
}
for (const name of ['typescript', 'vite', 'rolldown']) {
  if (!isInstalled(name)) fail(`The package ${name} is missing: run \`npm ci\`.`)
}

if (existsSync(`${__dirname}/../dist`)) removeStale('')

function isInstalled(name) {
  return existsSync(`${__dirname}/../node_modules/${name}`)
}

/** Keeps every file whose source is there, so that the next build stays an incremental one. */
function removeStale(folder) {
  for (const entry of readdirSync(`${__dirname}/../dist/${folder}`, { withFileTypes: true })) {
    const path = `${folder}${entry.name}`
    if (path === 'pages' || path === 'bundle' || path === '.tsbuildinfo') continue
    const source = entry.isDirectory() ? path : path.replace(/\.js(\.map)?$/, '.ts')
    if (!existsSync(`${__dirname}/../src/${source}`)) {
      rmSync(`${__dirname}/../dist/${path}`, { recursive: true, force: true })
    } else if (entry.isDirectory()) {
      removeStale(`${path}/`)
    }
  }
}

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
