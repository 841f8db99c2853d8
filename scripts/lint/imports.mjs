/**
 * @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import
 */

const STATIC =
  /^[ \t]*(?:import|export)\b(?<clause>[^'"`;()]*?)(?:\bfrom[ \t\n]*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm
const DYNAMIC = /\b(?:import|require)[ \t\n]*\([ \t\n]*(?<quote>['"`])(?<specifier>[^'"`\n$]+)\k<quote>/g

/**
 * Every import, re-export, dynamic import and require of a source text.
 * @param {string} source
 * @returns {Import[]}
 */
export function importsOf(source) {
  const code = withoutComments(source)
  const found = []
  for (const match of code.matchAll(STATIC)) {
    const clause = match.groups.clause.trim()
    // `export const x = 'text'` is no import.
    if (/[=:]/.test(clause.replace(/\{[^}]*\}/, ''))) continue
    found.push({ specifier: match.groups.specifier, typeOnly: /^type\b/.test(clause), line: lineAt(code, match.index) })
  }
  for (const match of code.matchAll(DYNAMIC)) {
    found.push({
      specifier: match.groups.specifier,
      typeOnly: isInType(code, match.index),
      line: lineAt(code, match.index),
    })
  }
  return found
}

/** Blanks comments out, keeping the lines where they are. */
export function withoutComments(source) {
  return source.replace(/\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$|[ \t]\/\/ .*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))
}

// `typeof import('x')` and `: import('x').T` name a type.
function isInType(code, index) {
  return /(typeof|:|<|\|)\s*$/.test(code.slice(Math.max(0, index - 12), index))
}

export function lineAt(text, index) {
  return text.slice(0, index).split('\n').length
}
