/**
 * An address of a language model's API as it will be used: http or https, without a user or a password in it, and not a cloud's
 * metadata service. Loopback and private addresses are allowed: that is where Ollama and vLLM answer.
 */
export function parseProviderAddress(text: string): { ok: true; url: string } | { ok: false; why: string } {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    return { ok: false, why: 'Write a whole address, such as http://localhost:11434.' }
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { ok: false, why: 'Only http and https addresses are used.' }
  if (url.username || url.password)
    return { ok: false, why: 'No user or password in the address; the key has its own field.' }
  if (url.search || url.hash) return { ok: false, why: 'No query and no fragment in the address.' }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (
    /^169\.254\./.test(host) ||
    /^fe[89ab][0-9a-f]:/i.test(host) ||
    host === 'metadata.google.internal' ||
    host === 'fd00:ec2::254'
  )
    return { ok: false, why: 'Link-local and metadata addresses are not used.' }
  return { ok: true, url: url.href.replace(/\/+$/, '') }
}
