import type { ChannelMessage } from './channel-message'

/** Just words. */
export const sayingOf = (text: string, tone: ChannelMessage['tone'] = 'quiet'): ChannelMessage => ({
  title: null,
  summary: text,
  tone,
  parts: [{ kind: 'plain', text }],
})
