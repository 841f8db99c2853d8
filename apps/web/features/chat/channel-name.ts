const NAMES: Record<string, string> = {
  slack: 'Slack',
  discord: 'Discord',
  cli: 'CLI',
  api: 'API',
  mcp: 'MCP',
}

/** The door a conversation or message came through; the web itself needs no mark. */
export function channelName(channel: string): string | null {
  return NAMES[channel] ?? null
}
