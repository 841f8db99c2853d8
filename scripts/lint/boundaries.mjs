import path from 'node:path'
import { ALLOWED_IN_TESTS, AREAS, TEST_FILE } from './arrows.mjs'
import { importsOf, lineAt, withoutComments } from './imports.mjs'

const OURS = /^@clawbernetes\/([^/]+)/
const WORKSPACE = /^(?:prisma|e2e|scripts|(?:packages|apps)\/[^/]+)(?=\/)/

/**
 * Imports that point the wrong way, and code that an area must not contain.
 * @param {Map<string, string>} files path -> text
 * @returns {{ file: string, line: number, message: string }[]}
 */
export function boundaryProblems(files) {
  return [...files].flatMap(([file, source]) => {
    const area = AREAS.find(({ holds }) => holds(file, source))
    const wrong = importsOf(source).flatMap((found) => {
      const message = leavesItsPackage(file, found.specifier) ?? (area && againstTheArrows(area, file, found))
      return message ? [{ file, line: found.line, message }] : []
    })
    return area ? [...wrong, ...forbiddenCode(area, file, source)] : wrong
  })
}

function leavesItsPackage(file, specifier) {
  if (!specifier.startsWith('.')) return undefined
  const from = WORKSPACE.exec(file)?.[0]
  const to = WORKSPACE.exec(`${path.posix.join(path.posix.dirname(file), specifier)}/`)?.[0]
  if (!from || to === from) return undefined
  return `"${specifier}" leaves ${from}: import our packages by name`
}

function againstTheArrows(area, file, { specifier, typeOnly }) {
  const inTest = TEST_FILE.test(file)
  const name = OURS.exec(specifier)?.[1]
  if (name) {
    const own = path.basename(WORKSPACE.exec(file)?.[0] ?? '') === name
    const allowed = own || area.ours.includes(name) || (inTest && ALLOWED_IN_TESTS.ours.includes(name))
    if (allowed || (typeOnly && area.oursTypes?.includes(name))) return undefined
    return `${area.name} may not import ${specifier} (it may import ${area.ours.join(', ') || 'none of our packages'})`
  }
  if (inTest && ALLOWED_IN_TESTS.npm.test(specifier)) return undefined
  if (area.never?.test(specifier)) return `${area.name} may never import ${specifier}`
  if (area.npmOnly && !/^[.@]\.?\//.test(specifier) && !area.npmOnly.test(specifier)) {
    return `${area.name} may import nothing from outside but zod, not ${specifier}`
  }
  return undefined
}

function forbiddenCode(area, file, source) {
  if (!area.neverInCode || TEST_FILE.test(file)) return []
  const code = withoutComments(source)
  return area.neverInCode.flatMap((pattern) => {
    const match = pattern.exec(code)
    if (!match) return []
    const message = `${area.name} may not use ${match[0].replace(/\($/, '')}: time, randomness and the outside are arguments`
    return [{ file, line: lineAt(code, match.index), message }]
  })
}
