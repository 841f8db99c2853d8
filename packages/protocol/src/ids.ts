import * as z from 'zod'

/** Prefixes of the ids that people and machines see. An id is `<prefix>_<26 characters, time-sortable>`. */
export const ID_PREFIXES = {
  node: 'node',
  gpu: 'gpu',
  joinToken: 'jt',
  apiKey: 'key',
  channel: 'chan',
  channelThread: 'cthr',
  channelPost: 'post',
  workload: 'wl',
  replica: 'rep',
  reservation: 'rsv',
  plan: 'plan',
  step: 'step',
  approval: 'appr',
  thread: 'thr',
  message: 'msg',
  run: 'run',
  toolCall: 'call',
  command: 'cmd',
  secret: 'sec',
  finding: 'find',
  plannerTest: 'ptest',
  policyRule: 'rule',
  invitation: 'inv',
  event: 'evt',
  organization: 'org',
  user: 'usr',
} as const
export type IdKind = keyof typeof ID_PREFIXES

const BODY = '[0-9a-hjkmnp-tv-z]{26}'
export const idOf = (kind: IdKind) =>
  z.string().regex(new RegExp(`^${ID_PREFIXES[kind]}_${BODY}$`), `Not a ${kind} id.`)

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/**
 * A time-sortable id (ULID layout, lower case): 48 bits of milliseconds, 80 random bits.
 * @param random 10 bytes of cryptographic randomness; time and randomness are arguments so that this stays pure.
 */
export function makeId(kind: IdKind, nowMs: number, random: Uint8Array): string {
  let time = ''
  for (let rest = nowMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time
  let tail = ''
  let bits = 0
  let held = 0
  for (const byte of random) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      tail += ALPHABET[(held >> bits) & 31]
    }
  }
  return `${ID_PREFIXES[kind]}_${time}${tail.slice(0, 16)}`
}
