interface Pattern {
  what: string
  match: RegExp
}

/** Only forms that are made to be recognised: a guess here would eat words of people. */
const PATTERNS: readonly Pattern[] = [
  { what: 'Anthropic key', match: /\bsk-ant-[A-Za-z0-9_-]{20,}/g },
  { what: 'OpenAI key', match: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}/g },
  { what: 'Hugging Face token', match: /\bhf_[A-Za-z0-9]{20,}/g },
  { what: 'GitHub token', match: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g },
  { what: 'GitLab token', match: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { what: 'Slack token', match: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { what: 'npm token', match: /\bnpm_[A-Za-z0-9]{30,}/g },
  { what: 'AWS access key', match: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { what: 'Google key', match: /\bAIza[A-Za-z0-9_-]{35}/g },
  { what: 'Clawbernetes key', match: /\b(?:claw|cbj)_[A-Za-z0-9_-]{20,}/g },
  { what: 'Stripe key', match: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/g },
  { what: 'Weights & Biases key', match: /(?<=\bwandb[\w .:='"-]{0,40})\b[a-f0-9]{40}\b/gi },
  { what: 'signed token', match: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g },
  { what: 'private key', match: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { what: 'password in an address', match: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^/\s:@]{1,80}:)[^@/\s]{3,}(?=@)/gi },
  { what: 'password', match: /(?<=\b(?:password|passwd|passphrase)\s*(?:is|=|:)\s*["']?)(?!is\b)[^\s"']{8,}/gi },
]

/** What stands in a text where something that looks like a secret was. */
const mark = (what: string): string => `[masked: ${what}]`
export const MASK_MARK = /\[masked: [^\]]{1,40}\]/

/** A text without what looks like a key, token or password in it, and what was found. */
export function maskSecrets(text: string): { text: string; found: string[] } {
  const found: string[] = []
  let masked = text
  for (const { what, match } of PATTERNS)
    masked = masked.replace(match, (value) => {
      if (MASK_MARK.test(value)) return value
      found.push(what)
      return mark(what)
    })
  return { text: masked, found }
}
