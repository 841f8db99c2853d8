/**
 * One message for a chat platform, before it is Slack's or Discord's. Built from rows and dry runs; what people or machines wrote
 * stands in it as data and is escaped by the renderer of the platform, never here.
 */
export interface ChannelMessage {
  /** What a notification or a screen reader says; literal text. */
  summary: string
  title: string | null
  tone: ChannelTone
  parts: ChannelPart[]
}

export type ChannelTone = 'waiting' | 'busy' | 'good' | 'bad' | 'quiet'

export type ChannelPart =
  /** Words of the agent: **bold**, `code` and [links](/path) mean something, the rest is literal. */
  | { kind: 'words'; text: string }
  /** To the letter. */
  | { kind: 'plain'; text: string }
  | { kind: 'facts'; items: ChannelFact[] }
  /** Machine text in columns. */
  | { kind: 'code'; text: string }
  /** Small print. */
  | { kind: 'note'; text: string }
  | { kind: 'buttons'; nonce: string; items: ChannelButton[] }

export interface ChannelFact {
  label: string
  /** A moment is shown in the reader's own time zone. */
  value: string | { atMs: number }
}

export const CHANNEL_ACTS = ['plan.approve', 'plan.confirm', 'plan.reject', 'plan.open', 'choice', 'test'] as const
export type ChannelAct = (typeof CHANNEL_ACTS)[number]

export interface ChannelButton {
  act: ChannelAct
  label: string
  style: 'primary' | 'danger' | null
  /** What the button is about: `plan:revision`, or where a choice stands. Never a right and never a digest. */
  value: string
  /** A link instead of an act. */
  url: string | null
  confirm: { title: string; text: string; yes: string } | null
}

export const linkButton = (label: string, url: string): ChannelButton => ({
  act: 'plan.open',
  label,
  style: null,
  value: '',
  url,
  confirm: null,
})
