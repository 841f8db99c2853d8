/** A request of Slack, parsed and not trusted yet. */
export type SlackBody = Record<string, unknown> & { type?: unknown; challenge?: unknown }

/** Events come as JSON, buttons and dialogues as a form with a payload. null: neither. */
export function parseSlackBody(raw: string, contentType: string): SlackBody | null {
  try {
    if (!contentType.includes('application/x-www-form-urlencoded')) return object(JSON.parse(raw))
    const form = new URLSearchParams(raw)
    const payload = form.get('payload')
    return payload === null ? Object.fromEntries(form) : object(JSON.parse(payload))
  } catch {
    return null
  }
}

/** The workspace in which the app is installed; in a channel shared with others the sender's may be another. */
export function teamOf(body: SlackBody): string | null {
  const [authorization] = Array.isArray(body.authorizations) ? (body.authorizations as unknown[]) : []
  const candidates = [object(authorization)?.team_id, body.team_id, object(body.team)?.id]
  return candidates.find((id): id is string => typeof id === 'string' && id !== '') ?? null
}

const object = (value: unknown): SlackBody | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SlackBody) : null
