import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartFailure } from './failure.mjs'

/**
 * The secrets of this installation, made once and readable by its owner alone.
 * @param {string} dataDir
 * @returns {Promise<{ authSecret: string, demoPassword: string }>}
 */
export async function installationSecrets(dataDir) {
  const file = path.join(dataDir, 'secrets.json')
  const known = parse(file, await readFile(file, 'utf8').catch(() => '{}'))
  const secrets = {
    authSecret: known.authSecret ?? randomBytes(32).toString('base64url'),
    demoPassword: known.demoPassword ?? randomBytes(9).toString('base64url'),
  }
  if (known.authSecret && known.demoPassword) return secrets
  // Written aside and renamed: a half-written file would sign everybody out.
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return secrets
}

function parse(file, text) {
  try {
    return JSON.parse(text)
  } catch {
    throw new StartFailure(
      `${file} cannot be read: put a backup in its place, or remove it (everybody must sign in again).`,
    )
  }
}
