import type { IncomingMessage, ServerResponse } from 'node:http'
import { discordDoor } from './discord/discord-door'
import type { DoorContext, DoorRoute } from './door'
import { mcpDoor } from './mcp/mcp-door'
import { slackDoor } from './slack/slack-door'

/** Every door that is mounted on the gateway's HTTP server; one line each. */
export function doorRoutes(ctx: DoorContext): DoorRoute[] {
  return [mcpDoor(ctx), slackDoor(ctx), discordDoor(ctx)]
}

/** Gives a request to the door that its path belongs to; false when there is none. */
export function enterDoor(
  doors: readonly DoorRoute[],
  log: DoorContext['log'],
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const door = doors.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
  if (!door) return false
  door.handle(request, response).catch((error: unknown) => {
    log.warn({ door: door.prefix, error: error instanceof Error ? error.stack : String(error) }, 'a door failed')
    if (response.headersSent) response.destroy()
    else
      response
        .writeHead(500, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(JSON.stringify({ error: { code: 'internal', message: 'The server failed to answer.' } }))
  })
  return true
}
