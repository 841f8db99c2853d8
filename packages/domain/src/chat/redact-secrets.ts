const MASK = '[redacted]'

/** Shapes of secrets that may stand in a log or be pasted into a chat. The first group, where there is one, is kept. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /\b(?:sk|pk|rk)-(?:ant-|proj-|live-|test-)?[A-Za-z0-9_-]{16,}/g,
  /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bclaw_[A-Za-z0-9_-]{12,}/g,
  /\bcbj_[A-Za-z0-9_-]{12,}/g,
  /\bcbn_[A-Za-z0-9_-]{12,}/g,
  /\bhf_[A-Za-z0-9]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bdop_v1_[a-f0-9]{40,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{6,}/g,
  // https://user:password@host
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,80}:)[^\s/@]{1,200}(?=@)/gi,
  /(\b(?:authorization|proxy-authorization)\b["']?\s*[:=]\s*["']?(?:bearer|basic|token)?\s*)[^\s"',;]{6,}/gi,
  /(\bbearer\s+)[A-Za-z0-9._~+/-]{16,}=*/gi,
  // PASSWORD=…, "api_key": "…", --token …
  /((?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]{0,40}(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|credential|client[_-]?secret)s?["']?\s*(?:=|:|\bis\b)\s*["']?)(?!\s*(?:null|none|true|false|\[redacted\]))[^\s"',;]{4,}/gi,
  // tokens=4096 is a count, token=… is a secret
  /((?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]{0,40}tokens?["']?\s*(?:=|:|\bis\b)\s*["']?)(?!\s*(?:null|none|true|false|\[redacted\]|[\d.,]+(?![A-Za-z0-9_-])))[^\s"',;]{4,}/gi,
  /(--(?:password|token|secret|api-?key)[ =])[^\s]{4,}/gi,
]

/** Takes keys, tokens, passwords and private keys out of a text; names and the words around them stay readable. */
export function redactSecrets(text: string): string {
  let clean = text
  for (const shape of SECRETS)
    clean = clean.replace(shape, (...groups) => (typeof groups[1] === 'string' ? `${groups[1]}${MASK}` : MASK))
  return clean
}
