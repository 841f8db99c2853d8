import type { SystemCtx } from '@clawbernetes/services/context'
import type { GatewayMetrics } from './gateway-metrics'
import type { NodeConnections } from './node-connections'
import type { StatusFlusher } from './status-flusher'
import type { TelemetryFlusher } from './telemetry-flusher'

/** What every part of one gateway process shares. */
export interface GatewayContext {
  sys: SystemCtx
  /** Names this process in the table of connections. */
  gatewayId: string
  log: GatewayLog
  metrics: GatewayMetrics
  connections: NodeConnections
  telemetry: TelemetryFlusher
  statuses: StatusFlusher
  /** Tells browsers that a workload has new lines, not more than a few times a second. */
  ringLogs(orgId: string, workloadId: string): void
}

export interface GatewayLog {
  info(data: Record<string, unknown>, message: string): void
  warn(data: Record<string, unknown>, message: string): void
}
