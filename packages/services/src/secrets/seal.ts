import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { ServiceError } from '../errors'

const VERSION = 's1.'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Keeps this key apart from every other use of the same secret. */
const PURPOSE = 'clawbernetes stored secrets s1'

/**
 * Encrypts a text for storage: AES-256-GCM under a key derived from BETTER_AUTH_SECRET, so that a copy of the database alone
 * gives nothing away. The version prefix lets a later scheme read what this one wrote.
 */
export function seal(text: string, secret = process.env.BETTER_AUTH_SECRET): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(VERSION))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
}

/** Reads what `seal` wrote. Throws `unavailable` when it was sealed under another secret or was altered. */
export function unseal(sealed: string, secret = process.env.BETTER_AUTH_SECRET): string {
  if (!sealed.startsWith(VERSION)) throw unreadable()
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw unreadable()
  const key = keyOf(secret)
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(VERSION))
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw unreadable()
  }
}

const keys = new Map<string, Buffer>()

function keyOf(secret: string | undefined): Buffer {
  if (!secret)
    throw new ServiceError('unavailable', 'Secrets cannot be stored: BETTER_AUTH_SECRET is not set on this process.')
  const known = keys.get(secret)
  if (known) return known
  const key = Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES))
  keys.set(secret, key)
  return key
}

const unreadable = () =>
  new ServiceError(
    'unavailable',
    'This stored secret cannot be read: it was sealed under another BETTER_AUTH_SECRET. Enter it again.',
  )
