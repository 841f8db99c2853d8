import { lineAt, withoutComments } from './imports.mjs'

const VERB = /^packages\/services\/src\/[^/]+\/[^/]+\.ts$/
const TAKES_CTX = /[({;,]\s*ctx\??:\s*Ctx\b/
const OPENS = /\$transaction\(|\bwithRetry\(/
const ASKS = /\brequirePermission\(|\bcan\(/
const RECORDS = /\bappendAudit\(/

/**
 * Verbs of an organisation (they take `Ctx`) that change the database in a transaction without asking for a right, or
 * without leaving an entry in the audit. What the machinery does for itself (`SystemCtx`) is no person's act.
 * @param {Map<string, string>} files
 * @returns {{ file: string, line: number, message: string }[]}
 */
export function verbProblems(files) {
  return [...files].flatMap(([file, source]) => {
    if (!VERB.test(file) || file.endsWith('.test.ts')) return []
    const code = withoutComments(source)
    const opens = OPENS.exec(code)
    if (!opens || !TAKES_CTX.test(code)) return []
    const line = lineAt(code, opens.index)
    const missing = []
    if (!ASKS.test(code)) missing.push({ file, line, message: 'a verb that opens a transaction asks for a permission' })
    if (!RECORDS.test(code)) missing.push({ file, line, message: 'a verb that opens a transaction writes the audit' })
    return missing
  })
}
