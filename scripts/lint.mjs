// The house rules: format, lint with types, arrows, names and documents. `npm run lint -- --fix` mends what a tool can.
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMain } from './lib/is-main.mjs'
import { boundaryProblems } from './lint/boundaries.mjs'
import { docProblems } from './lint/docs.mjs'
import { nameProblems } from './lint/names.mjs'
import { sourceFiles } from './lint/source-files.mjs'
import { verbProblems } from './lint/verbs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const CODE = /^(apps|packages|prisma|e2e|scripts)\/.*\.(ts|tsx|mjs)$/
const DOCUMENTS = /^(README|ARCHITECTURE|CONTRIBUTING)\.md$|^docs\/.*\.md$/

/**
 * Runs every check; resolves to one result each.
 * @param {{ fix?: boolean }} [options]
 * @returns {Promise<{ name: string, ok: boolean, output: string }[]>}
 */
export async function lint({ fix = false } = {}) {
  // --fix writes, so the formatter goes last.
  if (fix) return [await oxlint(['--fix']), await biome(['--write']), ...(await ownChecks())]
  return [...(await Promise.all([biome([]), oxlint([])])), ...(await ownChecks())]
}

async function ownChecks() {
  const code = await sourceFiles(root, CODE)
  return [
    verdict('arrows', boundaryProblems(code)),
    verdict('names', nameProblems(code)),
    verdict('verbs', verbProblems(code)),
    verdict('documents', await documentProblems()),
  ]
}

async function documentProblems() {
  const everything = await sourceFiles(root, /./)
  const folders = new Set()
  for (const file of everything.keys()) {
    for (let at = path.dirname(file); at !== '.'; at = path.dirname(at)) folders.add(at)
  }
  const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  const documents = new Map([...everything].filter(([file]) => DOCUMENTS.test(file)))
  return docProblems(documents, {
    has: (target) => everything.has(target) || folders.has(target),
    scripts: new Set(Object.keys(scripts)),
  })
}

function verdict(name, problems) {
  const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
  return { name, ok: problems.length === 0, output: lines.join('\n') }
}

const biome = (flags) => tool('format', 'biome', ['format', '--max-diagnostics=20', ...flags, '.'])
const oxlint = (flags) => tool('oxlint', 'oxlint', ['--type-aware', '--deny-warnings', ...flags])

function tool(name, program, args) {
  return new Promise((resolve) => {
    const child = spawn(path.join(root, 'node_modules/.bin', program), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk))
    child.once('error', (error) => resolve({ name, ok: false, output: error.message }))
    child.once('close', (status) =>
      resolve({ name, ok: status === 0, output: Buffer.concat(chunks).toString().trim() }),
    )
  })
}

if (isMain(import.meta.url)) {
  const results = await lint({ fix: process.argv.includes('--fix') })
  for (const { name, ok, output } of results) {
    if (!ok) process.stdout.write(`${output}\n`)
    process.stdout.write(`${ok ? 'ok    ' : 'failed'} ${name}\n`)
  }
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
}
