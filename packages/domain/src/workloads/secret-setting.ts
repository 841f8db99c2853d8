import { looksSecret } from '../chat/looks-secret'

const SECRET_WORDS: ReadonlySet<string> = new Set([
  'apikey',
  'auth',
  'cookie',
  'credential',
  'credentials',
  'dsn',
  'key',
  'passphrase',
  'passwd',
  'password',
  'private',
  'pwd',
  'secret',
  'secrets',
  'token',
])
/** `MAX_NEW_TOKENS=512` counts, `USE_AUTH=false` switches. */
const PLAIN_VALUE = /^(?:-?\d+(?:\.\d+)?|true|false|yes|no|on|off)$/i

/** Why a variable and its value belong into a secret and not into a setting that everybody may read; null: they may stand there. */
export function secretSetting(name: string, value: string): string | null {
  const shape = looksSecret(`${name}=${value}`) ?? looksSecret(value)
  if (shape) return `its value looks like ${shape}`
  if (value === '' || PLAIN_VALUE.test(value)) return null
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
  return words.some((word) => SECRET_WORDS.has(word)) ? 'its name is one of a secret' : null
}
