import { NAV_ITEMS } from './nav-items'

/** One line of the palette. `go` opens a page, `act` does something with this browser, `ask` puts words into the composer. */
export type PaletteItem = {
  key: string
  group: 'Go to' | 'Settings' | 'Nodes' | 'GPUs' | 'Workloads' | 'Plans' | 'Conversations' | 'Actions'
  name: string
  note: string
  /** Words by which it is found as well. */
  also?: string
  href?: string
  act?: string
}

const SETTINGS: readonly { tab: string; name: string; also: string }[] = [
  { tab: 'members', name: 'Members', also: 'people invite role' },
  { tab: 'nodes', name: 'Nodes and join tokens', also: 'connect enrol' },
  { tab: 'api-keys', name: 'API keys', also: 'token cli mcp' },
  { tab: 'planner', name: 'Planner', also: 'language model llm openai anthropic ollama' },
  { tab: 'policy', name: 'Policy', also: 'approval rules autopilot cautious windows' },
  { tab: 'channels', name: 'Channels', also: 'slack discord' },
  { tab: 'organization', name: 'Organisation', also: 'name' },
  { tab: 'appearance', name: 'Appearance', also: 'density theme keys' },
]

export const PLACES: readonly PaletteItem[] = [
  ...NAV_ITEMS.map((item) => ({
    key: `go:${item.href}`,
    group: 'Go to' as const,
    name: item.label,
    note: `g ${item.key}`,
    href: item.href,
  })),
  { key: 'go:/chat', group: 'Go to', name: 'Chat', note: '', also: 'conversations', href: '/chat' },
  ...SETTINGS.map(({ tab, name, also }) => ({
    key: `settings:${tab}`,
    group: 'Settings' as const,
    name: `${name}`,
    note: 'Settings',
    also,
    href: `/settings?tab=${tab}`,
  })),
]

/** What changes something in this browser only, or opens where it is done. Nothing that touches the fleet. */
export const ACTIONS: readonly PaletteItem[] = [
  { key: 'act:new-chat', group: 'Actions', name: 'New conversation', note: '', act: 'new-chat' },
  { key: 'act:connect', group: 'Actions', name: 'Connect a node', note: '', also: 'join add', href: '/welcome' },
  {
    key: 'act:stop',
    group: 'Actions',
    name: 'Emergency stop…',
    note: '!',
    also: 'freeze halt panic lift',
    act: 'freeze',
  },
  { key: 'act:theme-light', group: 'Actions', name: 'Light theme', note: '', also: 'appearance', act: 'theme-light' },
  { key: 'act:theme-dark', group: 'Actions', name: 'Dark theme', note: '', also: 'appearance', act: 'theme-dark' },
  {
    key: 'act:theme-system',
    group: 'Actions',
    name: 'Theme of the system',
    note: '',
    also: 'appearance',
    act: 'theme-system',
  },
  { key: 'act:toggle-chat', group: 'Actions', name: 'Open or close chat', note: '⌘I', act: 'toggle-chat' },
  { key: 'act:pause', group: 'Actions', name: 'Pause or resume live values', note: 'p', also: 'freeze', act: 'pause' },
  { key: 'act:shortcuts', group: 'Actions', name: 'Keyboard shortcuts', note: '?', act: 'shortcuts' },
]

export type PaletteMode = 'all' | 'actions' | 'ids'

/** `>` narrows to actions, `#` to things by their id; the rest is what to look for. */
export function parsePalette(text: string): { mode: PaletteMode; wanted: string } {
  const head = text.trimStart()[0]
  if (head === '>') return { mode: 'actions', wanted: text.trimStart().slice(1).trim() }
  if (head === '#') return { mode: 'ids', wanted: text.trimStart().slice(1).trim() }
  return { mode: 'all', wanted: text.trim() }
}
