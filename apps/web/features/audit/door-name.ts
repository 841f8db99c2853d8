/** The doors of the product as people call them, in the order in which the filter offers them. */
const NAMES = {
  web: 'Web',
  chat: 'Chat',
  cli: 'CLI',
  api: 'API',
  slack: 'Slack',
  discord: 'Discord',
  mcp: 'MCP',
  worker: 'Worker',
  gateway: 'Gateway',
  seed: 'Demo seed',
} as const
type Door = keyof typeof NAMES
export const DOORS = Object.keys(NAMES) as Door[]

const isDoor = (via: string): via is Door => Object.hasOwn(NAMES, via)

/** A door that a later version wrote keeps its own word. */
export const doorName = (via: string): string => (isDoor(via) ? NAMES[via] : via)
