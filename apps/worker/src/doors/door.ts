import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SystemCtx } from '@clawbernetes/services/context'
import type { GatewayLog } from '../gateway/gateway-context'

/** One door of the gateway's HTTP server besides node agents: another agent, Slack, Discord. */
export interface DoorRoute {
  /** The path it answers and everything below it: `/api/mcp`. The web app forwards the same path, body untouched. */
  prefix: string
  /** Answers in full, failures included; what it throws all the same becomes a 500 without details. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends what it holds open, so that the process can stop. */
  close?(): Promise<void>
}

/** What every door is made of. */
export interface DoorContext {
  sys: SystemCtx
  databaseUrl: string
  log: GatewayLog
}
