/** A stretch of the agent's words with what it means. */
export interface WordSpan {
  text: string
  mark: 'plain' | 'bold' | 'code'
  /** An address inside this installation; anything else is printed as text. */
  href: string | null
}

const TOKEN = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[([^\]\n]{1,200})\]\(([^()\s]{1,400})\)/g
const HEADING = /^#{1,6}[ \t]+(.+)$/gm

/**
 * Reads the little of Markdown that answers use. A link is kept only when it leads into this installation: an answer may carry
 * words of logs or of a model, and a foreign address must be seen before it is followed.
 * @param baseUrl where the web app is reached, without a slash at the end
 */
export function wordSpans(text: string, baseUrl: string): WordSpan[] {
  const spans: WordSpan[] = []
  const push = (part: string, mark: WordSpan['mark'], href: string | null = null) => {
    if (part) spans.push({ text: part, mark, href })
  }
  const source = text.replace(HEADING, '**$1**')
  let at = 0
  for (const match of source.matchAll(TOKEN)) {
    push(source.slice(at, match.index), 'plain')
    const [all, bold, code, label, address] = match
    if (bold !== undefined) push(bold, 'bold')
    else if (code !== undefined) push(code, 'code')
    else if (label !== undefined && address !== undefined) {
      const href = internalUrl(address, baseUrl)
      if (href) push(label, 'plain', href)
      else push(`${label} (${address})`, 'plain')
    }
    at = match.index + all.length
  }
  push(source.slice(at), 'plain')
  return spans
}

/** The full address of a page of this installation; null for any other. */
export function internalUrl(address: string, baseUrl: string): string | null {
  if (/[\s<>|"\\]/.test(address)) return null
  if (address.startsWith('/') && !address.startsWith('//')) return `${baseUrl}${address}`
  return address === baseUrl || address.startsWith(`${baseUrl}/`) ? address : null
}
