import { inert } from '@clawbernetes/protocol/text'
import type { ChannelButton, ChannelFact, ChannelMessage, ChannelPart, ChannelTone } from './channel-message'
import { wordSpans } from './word-spans'

/** As Discord's REST API takes it; the limits below are Discord's. Nobody is ever pinged. */
export interface DiscordMessage {
  content: string
  embeds: DiscordEmbed[]
  components: DiscordRow[]
  allowed_mentions: { parse: [] }
}
export interface DiscordEmbed {
  title?: string
  description?: string
  color: number
  fields?: { name: string; value: string; inline: boolean }[]
  footer?: { text: string }
}
export interface DiscordRow {
  type: 1
  components: DiscordButton[]
}
interface DiscordButton {
  type: 2
  style: 1 | 2 | 4 | 5
  label: string
  custom_id?: string
  url?: string
}

const COLOR: Record<ChannelTone, number> = {
  waiting: 0xd9a441,
  busy: 0x4a90d9,
  good: 0x3fa66a,
  bad: 0xd0534f,
  quiet: 0x7a828e,
}
const MAX_DESCRIPTION = 3400
const MAX_CODE = 1600

/** Data for Discord: no mark-up, mention, emoji or link in it means anything. */
export const escapeDiscord = (text: string, max = MAX_DESCRIPTION): string =>
  inert(text, max)
    .replace(/[\\*_~`|<>[\]()#@:]/g, '\\$&')
    .replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, '$1\\$2')

export function discordMessage(message: ChannelMessage, baseUrl: string): DiscordMessage {
  const description = clip(message.parts.flatMap((part) => text(part, baseUrl) ?? []).join('\n\n'), MAX_DESCRIPTION)
  const facts = message.parts.flatMap((part) => (part.kind === 'facts' ? part.items : [])).slice(0, 20)
  const notes = message.parts.flatMap((part) => (part.kind === 'note' && part.text ? [part.text] : []))
  return {
    content: '',
    embeds: [
      {
        ...(message.title ? { title: escapeDiscord(message.title, 200) } : {}),
        // An embed without any text is refused.
        description: description || escapeDiscord(message.summary, 300),
        color: COLOR[message.tone],
        ...(facts.length > 0 ? { fields: facts.map(field) } : {}),
        // A footer is literal text.
        ...(notes.length > 0 ? { footer: { text: inert(notes.join('\n'), 900) } } : {}),
      },
    ],
    components: message.parts
      .flatMap((part) => (part.kind === 'buttons' ? rows(part.items, part.nonce) : []))
      .slice(0, 5),
    allowed_mentions: { parse: [] },
  }
}

function text(part: ChannelPart, baseUrl: string): string | null {
  if (part.kind === 'words') return wordsOf(part.text, baseUrl)
  if (part.kind === 'plain') return escapeDiscord(part.text)
  if (part.kind === 'code')
    return part.text.trim() ? `\`\`\`\n${inert(part.text, MAX_CODE).replace(/```/g, "'''")}\n\`\`\`` : null
  return null
}

function wordsOf(words: string, baseUrl: string): string {
  return wordSpans(words, baseUrl)
    .map((span) => {
      const safe = escapeDiscord(span.text)
      if (span.href) return `[${safe}](${span.href})`
      if (span.mark === 'bold') return `**${safe}**`
      return span.mark === 'code' ? `\`${inert(span.text).replace(/`/g, "'")}\`` : safe
    })
    .join('')
}

const field = ({ label, value }: ChannelFact) => ({
  name: escapeDiscord(label, 80),
  value:
    typeof value === 'string'
      ? escapeDiscord(value, 480) || '—'
      : `<t:${Math.floor(value.atMs / 1000)}:f> (<t:${Math.floor(value.atMs / 1000)}:R>)`,
  inline: typeof value === 'string' && value.length <= 40,
})

function rows(items: readonly ChannelButton[], nonce: string): DiscordRow[] {
  const buttons = items.slice(0, 10).map((b, index) => button(b, index, nonce))
  return [buttons.slice(0, 5), buttons.slice(5)]
    .filter((row) => row.length > 0)
    .map((row) => ({ type: 1, components: row }))
}

function button(b: ChannelButton, index: number, nonce: string): DiscordButton {
  const label = inert(b.label, 80)
  if (b.url) return { type: 2, style: 5, label, url: b.url }
  const style = b.style === 'primary' ? 1 : b.style === 'danger' ? 4 : 2
  return { type: 2, style, label, custom_id: discordAct(b.act, b.value, nonce, index) }
}

/** At most 100 characters; parsed again by `readDiscordAct`. */
export const discordAct = (act: string, value: string, nonce: string, index = 0): string =>
  [act, value, nonce, String(index)].join('|')

export function readDiscordAct(customId: string): { act: string; value: string; nonce: string } | null {
  const [act, value, nonce, ...rest] = customId.split('|')
  return act && value !== undefined && nonce && rest.length <= 1 ? { act, value, nonce } : null
}

/** A cut never leaves half an escape behind. */
const clip = (words: string, max: number): string =>
  words.length > max ? `${words.slice(0, max - 1).replace(/\\+$/, '')}…` : words
