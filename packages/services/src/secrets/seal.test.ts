import { describe, expect, test } from 'vitest'
import { ServiceError } from '../errors'
import { seal, unseal } from './seal'

const KEY = 'a secret of at least thirty-two characters'

describe('sealed text', () => {
  test('comes back as it was, whatever it holds', () => {
    for (const text of ['', 'sk-ant-123', 'ключ 🔑\n\0', 'x'.repeat(100_000)])
      expect(unseal(seal(text, KEY), KEY)).toBe(text)
  })

  test('never looks the same twice and never shows the text', () => {
    const [a, b] = [seal('hunter2-hunter2', KEY), seal('hunter2-hunter2', KEY)]
    expect(a).toMatch(/^s1\.[\w-]+$/)
    expect(a).not.toBe(b)
    expect(Buffer.from(a.slice(3), 'base64url').toString('latin1')).not.toContain('hunter2')
  })

  test('is refused under another secret, when altered, cut or of no known version', () => {
    const sealed = seal('value', KEY)
    const last = sealed.at(-1) === 'A' ? 'E' : 'A'
    for (const broken of [`${sealed.slice(0, -2)}${last}${last}`, sealed.slice(0, 20), 's1.', 's2.abc', 'value', ''])
      expect(() => unseal(broken, KEY)).toThrow(ServiceError)
    expect(() => unseal(sealed, `${KEY}!`)).toThrow(/sealed under another/)
  })

  test('says what is missing when the process has no secret', () => {
    expect(() => seal('value', '')).toThrow(/BETTER_AUTH_SECRET is not set/)
  })
})
