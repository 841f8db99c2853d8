// Bundles an app for plain Node: `node scripts/bundle.mjs <worker | web-server | claw | node-agent [--watch]>`.
// Our packages are TypeScript sources and go into the bundle; packages from npm stay outside, but for the node agent
// and the claw command, which are carried to machines that have Node and nothing else and so must be one file each.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, context } from 'esbuild'
import { isMain } from './lib/is-main.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  // Dependencies written in CommonJS call require() for Node's own modules, which an ES module does not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
}

const TARGETS = {
  worker: () => bundleApp('apps/worker/dist', { main: 'apps/worker/src/main.ts', seed: 'apps/worker/src/seed.ts' }),
  'web-server': () => bundleApp('apps/web/dist', { server: 'apps/web/server.ts' }),
  'node-agent': (into) =>
    bundleOneFile('apps/node-agent/src/main.ts', into ?? 'apps/node-agent/dist', 'clawbernetes-node.mjs'),
  claw: (into) => bundleOneFile('apps/claw/src/main.ts', into ?? 'apps/claw/dist', 'claw.mjs'),
}

/**
 * Bundles one target into its `dist`; returns the files written.
 * @param {string} target
 * @param {{ into?: string }} [options] another folder for a file that needs nothing around it
 */
export async function bundle(target, { into } = {}) {
  const run = TARGETS[target]
  if (!run) throw new Error(`unknown target ${target}: one of ${Object.keys(TARGETS).join(', ')}`)
  return run(into)
}

async function bundleApp(outdir, entries) {
  for (const file of Object.values(entries)) requireEntry(file)
  const { outputFiles } = await build({
    ...common,
    entryPoints: entries,
    outdir,
    sourcemap: true,
    write: false,
    plugins: [npmPackagesOutside(outdir), sourcePlaces(outdir)],
  })
  await replaceFiles(path.join(root, outdir), outputFiles)
  return Object.keys(entries).map((name) => path.join(outdir, `${name}.js`))
}

/** Each file in one step: a process that starts meanwhile finds the old one or the new one, never none. */
async function replaceFiles(folder, files) {
  await mkdir(folder, { recursive: true })
  for (const { path: file, contents } of files) {
    const fresh = `${file}.${process.pid}.new`
    await writeFile(fresh, contents)
    await rename(fresh, file)
  }
  const kept = new Set(files.map((file) => path.basename(file.path)))
  for (const name of await readdir(folder)) {
    if (!kept.has(name) && !name.endsWith('.new')) await rm(path.join(folder, name), { recursive: true, force: true })
  }
}

async function bundleOneFile(entry, outdir, name) {
  const outfile = path.resolve(root, outdir, name)
  await build(oneFileOptions(entry, outfile))
  return [outfile, `${outfile}.sha256`]
}

/** Bundles the node agent again whenever a source of it changes; runs until the process is ended. */
async function watchNodeAgent() {
  const outfile = path.join(root, 'apps/node-agent/dist/clawbernetes-node.mjs')
  const watching = await context(oneFileOptions('apps/node-agent/src/main.ts', outfile))
  await watching.watch()
}

function oneFileOptions(entry, outfile) {
  requireEntry(entry)
  return {
    ...common,
    banner: { js: `#!/usr/bin/env node\n${common.banner.js}` },
    entryPoints: [entry],
    outfile,
    legalComments: 'eof',
    plugins: [unusedByTheAgent, checksum(outfile)],
  }
}

/** Writes the checksum in the format of sha256sum, so that `sha256sum -c` checks it. */
const checksum = (outfile) => ({
  name: 'checksum',
  setup({ onEnd }) {
    onEnd(async ({ errors }) => {
      if (errors.length > 0) return
      const digest = createHash('sha256')
        .update(await readFile(outfile))
        .digest('hex')
      await writeFile(`${outfile}.sha256`, `${digest}  ${path.basename(outfile)}\n`)
    })
  },
})

function requireEntry(file) {
  if (!existsSync(path.join(root, file))) throw new Error(`there is no ${file} to bundle`)
}

/** An npm package stays outside where the bundle finds the same copy; one nested beside its importer goes inside. */
const npmPackagesOutside = (outdir) => ({
  name: 'npm-packages-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind, resolveDir }) => {
      if (kind === 'entry-point' || specifier.startsWith('@clawbernetes/') || specifier.startsWith('@/'))
        return undefined
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      const fromBundle = installedFolder(name, path.join(root, outdir))
      return installedFolder(name, resolveDir) === fromBundle ? { path: specifier, external: true } : undefined
    })
  },
})

/** Where Node would find the package for a file in `folder`; undefined for Node's own modules. */
function installedFolder(name, folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    const candidate = path.join(at, 'node_modules', name)
    if (existsSync(candidate)) return candidate
    if (at === path.dirname(at)) return undefined
  }
}

/** A package that reads files beside its source (a skill, a migration) finds them from the bundle too. */
const sourcePlaces = (outdir) => ({
  name: 'source-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/(packages|prisma)\/[^:]*\.(ts|mjs)$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8')
      if (!source.includes('import.meta.url') || file.includes('/node_modules/')) return undefined
      const relative = path.relative(path.join(root, outdir), file).split(path.sep).join('/')
      const place = `new URL(${JSON.stringify(relative)}, import.meta.url).href`
      return { contents: source.replaceAll('import.meta.url', place), loader: file.endsWith('.ts') ? 'ts' : 'js' }
    })
  },
})

/**
 * Parts of dependencies that the agent never calls: Docker over SSH with its native code, and BuildKit's gRPC. Native
 * helpers of WebSockets are optional: whoever asks for one must find nothing, and does without.
 */
const unusedByTheAgent = {
  name: 'unused-by-the-agent',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(bufferutil|utf-8-validate)$/ }, ({ path: specifier }) => ({
      path: specifier,
      namespace: 'absent',
    }))
    onLoad({ filter: /.*/, namespace: 'absent' }, ({ path: specifier }) => ({
      contents: `throw Object.assign(new Error(${JSON.stringify(`${specifier} is not part of the node agent`)}), { code: 'MODULE_NOT_FOUND' })`,
      loader: 'js',
    }))
    const filter = /^(ssh2|cpu-features|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/
    onResolve({ filter }, ({ path: specifier }) => ({ path: specifier, namespace: 'unused' }))
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path: specifier }) => ({
      contents: `module.exports = new Proxy(function () {}, {
        get(_, key) { if (typeof key === 'symbol' || key === '__esModule' || key === 'default') return undefined
          return class { constructor() { throw new Error(${JSON.stringify(`${specifier} is not part of the node agent`)}) } } } })`,
      loader: 'js',
    }))
  },
}

if (isMain(import.meta.url)) {
  try {
    const [target, flag] = process.argv.slice(2)
    if (target === 'node-agent' && flag === '--watch') await watchNodeAgent()
    else await bundle(target)
  } catch (error) {
    if (!error.errors) process.stderr.write(`bundle: ${error.message}\n`)
    process.exit(1)
  }
}
