import { expect, test } from 'vitest'
import { looksSecret } from './looks-secret'

// Put together here, so that no scanner takes this file for a leak.
const body = 'Ab3'.repeat(14)
test.each([
  ['a private key', `-----BEGIN ${'PRIVATE'} KEY-----\nMIIE`],
  ['an AWS access key', `use AKIA${'A1B2'.repeat(4)} please`],
  ['a GitHub token', `ghp_${body}`],
  ['a Hugging Face token', `export HF=hf_${body}`],
  ['an API key', `sk-proj-${body}`],
  ['a signed token', `eyJ${body}.eyJ${body}.${body}`],
  ['an address with a password', 'postgres://app:hunter22@db.internal/x'],
  ['a password', 'the password is correct-horse-7'],
  ['a password', 'API_KEY="a8s7d6f5g4"'],
])('%s is noticed', (what, text) => {
  expect(looksSecret(text)).toBe(what)
})

test.each([
  'rotate the secret of inference-mixtral',
  'what is the token throughput of node-06?',
  'run `sleep 30` on node-01',
  'GPU-8f2c11aa-1234-5678-9abc-def012345678 is hot',
  'set the password policy to strict',
  'tokens/s dropped to 1200',
])('%s is nothing to warn about', (text) => {
  expect(looksSecret(text)).toBeNull()
})
