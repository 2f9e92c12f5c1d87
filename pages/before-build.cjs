// Names the missing parts of a build before a tool fails with words of its own. An old Node reads this file,
// too.
'use strict'

const { engines } = require('../package.json')
const [needed] = /[\d.]+/.exec(engines.node)
const toNumber = version => version.split(/[.-]/, 3).reduce((number, part) => number * 1e4 + Number(part), 0)

if (toNumber(process.versions.node) < toNumber(needed)) {
  fail(`This project needs Node ${needed} or newer. This is Node ${process.versions.node}.`)
}
for (const name of ['typescript', 'vite']) {
  if (!isInstalled(name)) fail(`The package ${name} is missing: run \`npm ci\`.`)
}

function isInstalled(name) {
  const { existsSync } = require('node:fs')
  return existsSync(`${__dirname}/../node_modules/${name}`)
}

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
