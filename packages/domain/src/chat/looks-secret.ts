/**
 * Shapes of keys and passwords that people paste by accident. What is found is warned about, not refused: a shape is a
 * guess, and only the person knows.
 */
const SHAPES: readonly { what: string; shape: RegExp }[] = [
  { what: 'a private key', shape: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  { what: 'an AWS access key', shape: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: 'a GitHub token', shape: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/ },
  { what: 'a Hugging Face token', shape: /\bhf_[A-Za-z0-9]{30,}/ },
  { what: 'an API key', shape: /\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,}/ },
  { what: 'a Slack token', shape: /\bxox[abeprs]-[A-Za-z0-9-]{10,}/ },
  { what: 'a key of this installation', shape: /\b(?:claw|cbj)_[A-Za-z0-9_-]{16,}/ },
  { what: 'a signed token', shape: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
  { what: 'an address with a password', shape: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]{3,}@/i },
  {
    what: 'a password',
    shape:
      /\b(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)\b["']?\s*(?:[:=]|\bis\b)\s*["']?(?=[^\s"']*\d)[^\s"']{8,}/i,
  },
]

/** What the text seems to hold, in words; null: nothing that looks like a secret. */
export function looksSecret(text: string): string | null {
  return SHAPES.find(({ shape }) => shape.test(text))?.what ?? null
}
