import { describe, expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets'

/** Made here, so that no scanner takes this file for a leak. */
const made = (prefix: string) => `${prefix}${'abcdefghij'.repeat(4)}`

describe('what looks like a secret', () => {
  test.each([
    [`my key is ${made('sk-ant-')}`, 'Anthropic key'],
    ['use sk-proj-abcdefghij0123456789abcdefghij please', 'OpenAI key'],
    ['store hf_abcdefghijklmnopqrstuvwxyzABCDEF as hf_token', 'Hugging Face token'],
    ['ghp_0123456789abcdefghijklmnopqrstuvwxyz', 'GitHub token'],
    ['xoxb-123456789012-abcdefghijkl', 'Slack token'],
    ['AKIAIOSFODNN7EXAMPLE', 'AWS access key'],
    ['postgres://app:hunter2hunter2@db.internal/x', 'password in an address'],
    ['the password is correct-horse-battery', 'password'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----', 'private key'],
  ])('is masked: %s', (text, what) => {
    const masked = maskSecrets(text)
    expect(masked.found).toEqual([what])
    expect(masked.text).toContain(`[masked: ${what}]`)
    expect(masked.text).not.toMatch(/abcdefghij|hunter2|correct-horse|MIIE|AKIAIO/)
  })

  test.each([
    'drain node-06',
    'rotate the password of the registry',
    'the password is wrong',
    'resume from checkpoint-2300 in /data/checkpoints/fine-tune-llama',
    'deploy sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'stop train-a and train-b',
    'why does GPU-5f2c1a9e-1111-2222-3333-444455556666 throttle?',
    'run `python train.py --lr=2e-5 --task-name=skill-eval-long-name-of-a-task`',
  ])('is left alone: %s', (text) => expect(maskSecrets(text)).toEqual({ text, found: [] }))

  test('is not masked twice', () => {
    const once = maskSecrets(`key ${made('sk-ant-')}`).text
    expect(maskSecrets(once).text).toBe(once)
  })
})
