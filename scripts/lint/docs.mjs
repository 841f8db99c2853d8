import path from 'node:path'
import { lineAt } from './imports.mjs'

const NPM_SCRIPT = /\bnpm (?:run )?(?<name>[a-z][\w:-]*)(?= |$|`|\n)/g
const NPM_BUILT_IN = new Set([
  'ci',
  'install',
  'i',
  'exec',
  'ls',
  'view',
  'version',
  'pack',
  'run',
  'and',
  'registry',
  'packages',
  'package',
  'workspaces',
])
const LINK = /\]\((?<target>[^)\s#]+)(?:#[^)]*)?\)/g
const INLINE_CODE = /`(?<code>[^`\n]+)`/g
const PATH_LIKE = /^(?:\.\/)?(?:apps|packages|prisma|scripts|e2e|docs|\.ci)\/[\w.@()[\]/-]*$/

/**
 * Paths and npm commands that a document names and the project does not have.
 * @param {Map<string, string>} documents path -> text
 * @param {{ has: (path: string) => boolean, scripts: Set<string> }} project
 * @returns {{ file: string, line: number, message: string }[]}
 */
export function docProblems(documents, { has, scripts }) {
  return [...documents].flatMap(([file, text]) => {
    const problems = []
    const report = (index, message) => problems.push({ file, line: lineAt(text, index), message })
    for (const { groups, index } of codeIn(text).matchAll(NPM_SCRIPT)) {
      if (!scripts.has(groups.name) && !NPM_BUILT_IN.has(groups.name))
        report(index, `there is no npm script "${groups.name}"`)
    }
    for (const { groups, index } of text.matchAll(LINK)) {
      if (/^[a-z]+:/.test(groups.target)) continue
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), decodeURIComponent(groups.target)))
      if (!has(target)) report(index, `the link to ${groups.target} leads nowhere`)
    }
    for (const { groups, index } of text.matchAll(INLINE_CODE)) {
      const target = groups.code.replace(/^\.\//, '').replace(/\/$/, '')
      if (PATH_LIKE.test(groups.code) && !has(target)) report(index, `there is no ${groups.code}`)
    }
    return problems
  })
}

/** Only what stands as code, in its place: prose may speak of npm as it likes. */
function codeIn(text) {
  return text.replace(/(```[\s\S]*?```)|(`[^`\n]+`)|[^\n]/g, (part, block, inline) => block ?? inline ?? ' ')
}
