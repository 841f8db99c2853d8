import { inert } from '@clawbernetes/protocol/text'
import type { ChannelButton, ChannelFact, ChannelMessage, ChannelPart } from './channel-message'
import { internalUrl, wordSpans } from './word-spans'

/** As Block Kit takes it; the limits below are Slack's. */
export interface SlackMessage {
  text: string
  blocks: SlackBlock[]
}
export type SlackBlock = { type: string; block_id?: string } & Record<string, unknown>

const MAX_BLOCKS = 50
const MAX_SECTION = 2900
const MAX_FIELD = 1900
const MAX_CODE = 2800
const MAX_SUMMARY = 1000
const MAX_SLICES = 5

/** Data for mrkdwn: nothing in it can be a mention, a link or a channel. */
export const escapeSlack = (text: string, max = MAX_SECTION): string =>
  inert(text, max).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

export function slackMessage(message: ChannelMessage, baseUrl: string): SlackMessage {
  const blocks: SlackBlock[] = message.title ? [section(`*${bare(escapeSlack(message.title, 300))}*`)] : []
  for (const part of message.parts) blocks.push(...partBlocks(part, baseUrl))
  return { text: escapeSlack(message.summary, MAX_SUMMARY), blocks: blocks.slice(0, MAX_BLOCKS) }
}

function partBlocks(part: ChannelPart, baseUrl: string): SlackBlock[] {
  switch (part.kind) {
    case 'words':
      return slices(mrkdwnOf(part.text, baseUrl), MAX_SECTION).map(section)
    case 'plain':
      return slices(escapeSlack(part.text, 12_000), MAX_SECTION).map(section)
    case 'facts':
      return chunksOf(part.items, 10).map((items) => ({ type: 'section', fields: items.map(field) }))
    case 'code':
      return part.text.trim() === '' ? [] : [code(part.text)]
    case 'note':
      return part.text === '' ? [] : [{ type: 'context', elements: [mrkdwn(escapeSlack(part.text, 1900))] }]
    case 'buttons':
      return part.items.length === 0
        ? []
        : [{ type: 'actions', block_id: `card:${part.nonce}`, elements: part.items.slice(0, 8).map(button) }]
  }
}

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true })
const section = (text: string): SlackBlock => ({ type: 'section', text: mrkdwn(text) })
/** Inside bold: a star would end it. */
const bare = (text: string): string => text.replace(/\*/g, '∗')

/** Preformatted rich text is literal: no mark-up of Slack means anything in it. */
const code = (text: string): SlackBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: inert(text, MAX_CODE) }] }],
})

function field({ label, value }: ChannelFact) {
  const shown =
    typeof value === 'string'
      ? escapeSlack(value, MAX_FIELD - 100)
      : `<!date^${Math.floor(value.atMs / 1000)}^{date_short_pretty} {time}|${new Date(value.atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC>`
  return mrkdwn(`*${bare(escapeSlack(label, 80))}*\n${shown}`)
}

function mrkdwnOf(text: string, baseUrl: string): string {
  return wordSpans(text, baseUrl)
    .map(({ text: words, mark, href }) => {
      const safe = escapeSlack(words, 12_000)
      if (href) return `<${internalUrl(href, baseUrl) ?? baseUrl}|${safe.replace(/\|/g, '¦')}>`
      if (mark === 'bold') return `*${bare(safe)}*`
      return mark === 'code' ? `\`${safe}\`` : safe
    })
    .join('')
}

/** Plain text objects know no escapes: the brackets of mentions become look-alikes. */
const label = (text: string, max: number): string =>
  inert(text, max).replace(/</g, '‹').replace(/>/g, '›').replace(/&/g, '＆')
const plain = (text: string, max: number) => ({ type: 'plain_text', text: label(text, max), emoji: false })

const button = (b: ChannelButton, index: number) => ({
  type: 'button',
  action_id: b.act === 'choice' ? `choice.${index}` : b.act,
  text: plain(b.label, 75),
  ...(b.url ? { url: b.url } : { value: b.value }),
  ...(b.style ? { style: b.style } : {}),
  ...(b.confirm
    ? {
        confirm: {
          title: plain(b.confirm.title, 100),
          text: plain(b.confirm.text, 300),
          confirm: plain(b.confirm.yes, 30),
          deny: plain('Cancel', 30),
        },
      }
    : {}),
})

/** Cuts at line ends where it can; an escaped character or a link is never cut in two. */
export function slices(text: string, max: number): string[] {
  const out: string[] = []
  let rest = text.trim()
  while (rest.length > max && out.length < MAX_SLICES) {
    const head = whole(rest.slice(0, max))
    const line = head.lastIndexOf('\n')
    const space = head.lastIndexOf(' ')
    const cut = whole(head.slice(0, line > max / 2 ? line : space > max / 2 ? space : head.length))
    out.push(cut)
    rest = rest.slice(cut.length).trimStart()
  }
  if (rest) out.push(rest.length > max ? `${whole(rest.slice(0, max - 1))}…` : rest)
  return out
}

/** Without an entity or a link that was cut off at its end. */
const whole = (text: string): string => text.replace(/(?:&[a-z]{0,4}|<[^<>]*)$/, '') || text

const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
