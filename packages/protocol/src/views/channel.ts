export const CHANNEL_KINDS = ['slack', 'discord'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]
export const CHANNEL_NAMES = { slack: 'Slack', discord: 'Discord' } as const satisfies Record<ChannelKind, string>

/** What can be told in a channel without being asked. */
export const CHANNEL_NOTICES = ['planWaiting', 'planFinished', 'findings', 'emergency'] as const
export type ChannelNotice = (typeof CHANNEL_NOTICES)[number]

export interface ChannelRoomView extends Record<ChannelNotice, boolean> {
  id: string
  name: string
  isPrivate: boolean
  answers: boolean
}

export interface ChannelPersonView {
  externalId: string
  externalName: string
  userId: string
  userName: string
  linkedAt: string
}

/** A connected workspace or server, without anything secret. */
export interface ChannelConnectionView {
  id: string
  kind: ChannelKind
  teamId: string | null
  teamName: string | null
  appId: string | null
  botName: string | null
  state: 'checking' | 'active' | 'broken'
  /** Why it is broken, or what went wrong last. */
  problem: string | null
  approveRole: string
  rooms: ChannelRoomView[]
  people: ChannelPersonView[]
  createdBy: string
  createdAt: string
  checkedAt: string | null
}

/** What a person sees before linking an account of a platform to theirs. */
export interface ChannelLinkView {
  kind: ChannelKind
  teamName: string
  externalName: string
  organization: string
  /** Who will be able to be spoken for. */
  user: { name: string; email: string; role: string }
  expiresAt: string
}
