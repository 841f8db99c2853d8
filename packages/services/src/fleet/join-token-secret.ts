import { createHash, randomBytes } from 'node:crypto'

/** 160 random bits, so that a fast hash is enough: there is nothing to guess. */
export function newJoinTokenSecret(): { token: string; tokenHash: string; hint: string } {
  const token = `cbj_${randomBytes(20).toString('base64url')}`
  return { token, tokenHash: hashJoinToken(token), hint: token.slice(-4) }
}

export const hashJoinToken = (token: string): string => createHash('sha256').update(token).digest('hex')
