/**
 * What a person wrote in Slack, as plain text: the bot's own mention goes, other mentions and links become their visible words,
 * entities are decoded once. It is data from here on, like everything a person types.
 */
export function wordsFromSlack(text: string, botUserId: string): string {
  return text
    .replace(/<([^<>]{1,3000})>/g, (_, inner: string) => spoken(inner, botUserId))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+\n/g, '\n')
    .trim()
}

function spoken(inner: string, botUserId: string): string {
  const [address = '', shown] = inner.split('|')
  if (address === `@${botUserId}`) return ''
  if (address.startsWith('@')) return shown ? `@${shown}` : address
  if (address.startsWith('#')) return `#${shown || address.slice(1)}`
  // <!channel>, <!subteam^S1|@team>, <!date^…|words>
  if (address.startsWith('!')) return shown ?? `@${address.slice(1).split('^')[0] ?? ''}`
  const url = address.startsWith('mailto:') ? address.slice(7) : address
  // Slack links bare host names by itself: the words that were typed are the label.
  return shown && (url === shown || url.endsWith(`//${shown}`)) ? shown : shown ? `${shown} (${url})` : url
}
