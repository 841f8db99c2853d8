import { inert } from '@clawbernetes/protocol/text'
import { redactSecrets } from './redact-secrets'

/** At most this much of one tool's answer reaches a model. */
export const MAX_QUOTED_CHARS = 12_000

/**
 * A tool's answer as data for a model: controls, bidi marks and ANSI stripped, secrets taken out, length capped, between markers
 * that carry this turn's nonce. Who writes a log cannot know the nonce, so nothing in it can end the quotation.
 */
export function quoteAsData(nonce: string, source: string, text: string, max = MAX_QUOTED_CHARS): string {
  const clean = redactSecrets(inert(text, max * 2)).replaceAll(nonce, '')
  const body = clean.length > max ? `${clean.slice(0, max - 1)}…` : clean
  return `<<data ${nonce} from ${inert(source, 80).replace(/[<>\n]/g, ' ')}>>\n${body}\n<<end of data ${nonce}>>`
}
