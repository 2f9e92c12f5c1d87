// Executes the steps of the Dockerfile one by one in empty folders, since not every machine has an engine, and then
// tries what comes out: as a user without rights, on files that it cannot write. Of the base image it has the Node.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installNode } from '../runtimes/install-node.mjs'
import { toSteps } from './dockerfile-steps.mjs'
import { plainEnvironment } from './plain-environment.mjs'
import { askForAda, findFreePort, start, waitFor } from './try-server.mjs'

const CONTEXT = fileURLToPath(new URL('../..', import.meta.url))
/** As `docker build --build-arg` gives them. */
const BUILD_ARGS = { VERSION: '1.2.3', REVISION: 'a1b2c3d', CREATED: '2026-01-02T03:04:05Z' }
/** Of `node` in the image. */
const USER_ID = 1000
const isRoot = process.getuid() === 0

const folder = mkdtempSync(join(tmpdir(), 'dockerfile-'))
chmodSync(folder, 0o755)
const allowed = readFileSync(join(CONTEXT, '.dockerignore'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('!'))
  .map(line => line.slice(1))

try {
  const image = build()
  await tryImage(image)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Goes through the steps; the last stage is the image. */
function build() {
  const stages = new Map()
  const nodes = new Map()
  let stage
  for (const { text, instruction, args, flags } of toSteps(
    readFileSync(join(CONTEXT, 'Dockerfile'), 'utf8'),
  )) {
    const startedAtMs = performance.now()
    switch (instruction) {
      case 'FROM': {
        const name = args[2] ?? 'image'
        const major = /^node:(\d+)-/.exec(args[0])[1]
        if (!nodes.has(major)) nodes.set(major, installNode(major))
        stage = {
          node: nodes.get(major),
          root: join(folder, name),
          workdir: '/',
          env: {},
          user: 'root',
          cmd: null,
          health: null,
          args: {},
          labels: {},
        }
        mkdirSync(stage.root)
        stages.set(name, stage)
        break
      }
      case 'WORKDIR':
        stage.workdir = resolve(stage.workdir, args[0])
        mkdirSync(join(stage.root, stage.workdir), { recursive: true })
        break
      case 'ENV':
        for (const pair of args) stage.env[pair.split('=')[0]] = pair.split('=').slice(1).join('=')
        break
      case 'ARG':
        for (const [name, value] of toPairs(text)) stage.args[name] = BUILD_ARGS[name] ?? value
        break
      case 'LABEL':
        for (const [name, value] of toPairs(text))
          stage.labels[name] = value.replace(/\$\{(\w+)\}/g, (_whole, arg) => stage.args[arg])
        break
      case 'COPY':
        copy(stage, args, flags.from && stages.get(flags.from).root)
        break
      case 'RUN':
        execFileSync('/bin/sh', ['-c', args.join(' ')], {
          cwd: join(stage.root, stage.workdir),
          env: { ...plainEnvironment(), PATH: stage.node.PATH, ...stage.env },
          stdio: ['ignore', 'ignore', 'inherit'],
        })
        break
      case 'USER':
        stage.user = args[0]
        break
      case 'HEALTHCHECK':
        stage.health = JSON.parse(args.slice(args.indexOf('CMD') + 1).join(' '))
        break
      case 'CMD':
        stage.cmd = JSON.parse(args.join(' '))
        break
      case 'EXPOSE':
      case 'STOPSIGNAL':
        stage[instruction] = args[0]
        break
      default:
        throw new Error(`No way to execute here: ${text}`)
    }
    console.log(
      `${((performance.now() - startedAtMs) / 1_000).toFixed(1).padStart(5)} s  ${text.slice(0, 100)}`,
    )
  }
  return stage
}

/** `NAME=value` and `NAME="a value"`. */
function toPairs(text) {
  return [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [
    name,
    quoted ?? plain,
  ])
}

/** The labels that registries and scanners look for (OCI image specification, annotations). */
function checkLabels(labels) {
  const of = name => labels[`org.opencontainers.image.${name}`]
  const found = [of('version'), of('revision'), of('created')]
  expectCode('labels from build arguments', Object.values(BUILD_ARGS).join(), found.join())
  const { name, license, repository } = JSON.parse(readFileSync(join(CONTEXT, 'package.json'), 'utf8'))
  expectCode('title and licence', [name, license].join(), [of('title'), of('licenses')].join())
  expectCode('source', repository.url, `git+${of('source')}.git`)
}

function copy(stage, args, from) {
  const sources = args.slice(0, -1)
  const target = args.at(-1)
  for (const source of sources) {
    if (from === undefined && !allowed.includes(source.split('/')[0])) {
      throw new Error(`.dockerignore keeps ${source} out`)
    }
    const inTarget = target.endsWith('/') ? join(target, basename(source)) : target
    cpSync(join(from ?? CONTEXT, source), join(stage.root, resolve(stage.workdir, inTarget)), {
      recursive: true,
      verbatimSymlinks: true,
      filter: path => basename(path) !== '.tsbuildinfo',
    })
  }
}

async function tryImage({ node, root, workdir, env, user, cmd, health, labels, STOPSIGNAL }) {
  checkLabels(labels)
  if (user === 'root') throw new Error('The image must not run as root')
  const cwd = join(root, workdir)
  const as = isRoot ? { uid: USER_ID, gid: USER_ID } : {}
  if (!isRoot) console.log('Not root: the server runs as this user.')
  execFileSync('chmod', ['-R', 'a-w,a+rX', root])
  const own = join(folder, 'journal')
  mkdirSync(own)
  if (isRoot) chownSync(own, USER_ID, USER_ID)

  const { PATH } = node
  const sandbox = start(['node', 'dist/bundle/main.js', 'sandbox'], {
    cwd,
    env: { PATH, SANDBOX_PORT: '0' },
    ...as,
  })
  const printed = await waitFor(sandbox, output => /SECRET=.+\n/.test(output) && output)
  const access = Object.fromEntries([...printed.matchAll(/^(GENAUTH_\w+)=(.+)$/gm)].map(([, k, v]) => [k, v]))
  const secret = (name, value) => {
    writeFileSync(join(folder, name), `${value}\n`)
    return join(folder, name)
  }
  const port = await findFreePort()
  const given = {
    GENAUTH_URL: access.GENAUTH_URL,
    GENAUTH_ACCESS_KEY_ID_FILE: secret('access-key-id', access.GENAUTH_ACCESS_KEY_ID),
    GENAUTH_ACCESS_KEY_SECRET_FILE: secret('access-key-secret', access.GENAUTH_ACCESS_KEY_SECRET),
    AUDIT_KEY_FILE: secret('audit-key', 'an audit key for this very trial'),
    AUDIT_LOG: join(own, 'audit.jsonl'),
    AUTH_JWKS_URL: `${access.GENAUTH_URL}/sandbox/jwks`,
    AUTH_ISSUER: `${access.GENAUTH_URL}/sandbox`,
    AUTH_AUDIENCE: 'genauth-graphql',
  }
  const inImage = { cwd, env: { PATH, ...env, ...given, PORT: `${port}` }, ...as }
  const checkHealth = () => start(health, inImage).exited

  const server = start(cmd, inImage)
  try {
    await waitFor(server, output => output.includes('"msg":"ready"'))
    const url = `http://127.0.0.1:${port}`
    await expectCode('the health check of a server that runs', 0, await checkHealth())
    expectCode('/ready', 200, (await fetch(`${url}/ready`)).status)
    await askForAda(url, access.GENAUTH_URL)
    if (isRoot) expectCode('writing beside the journal', 1, await start(['touch', 'x'], inImage).exited)
    server.child.kill(STOPSIGNAL)
    expectCode(STOPSIGNAL, 0, await server.exited)
    expectCode('the health check of a server that has stopped', 1, await checkHealth())
  } finally {
    server.child.kill('SIGKILL')
    sandbox.child.kill('SIGKILL')
  }
  const [megabytes] = execFileSync('du', ['-sm', root], { encoding: 'utf8' }).split('\t')
  console.log(
    `The image adds ${megabytes} MB to its base. On Node ${node.version}: asked, answered, stopped by ${STOPSIGNAL} with exit code 0.`,
  )
}

function expectCode(what, expected, found) {
  if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`)
}
