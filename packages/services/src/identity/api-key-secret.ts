import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 40
const FORM = new RegExp(`^claw_[${ALPHABET}]{${LENGTH}}$`)

/** 200 random bits, so that a fast hash is enough: there is nothing to guess. */
export function newApiKeySecret(): { token: string; hash: string; hint: string } {
  // 256 is a multiple of 32: every character is equally likely.
  const token = `claw_${[...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % 32]).join('')}`
  return { token, hash: hashApiKey(token), hint: token.slice(-4) }
}

export const hashApiKey = (token: string): string => createHash('sha256').update(token).digest('hex')

/** What cannot be a key costs no look into the database. */
export const looksLikeApiKey = (token: string): boolean => FORM.test(token)
