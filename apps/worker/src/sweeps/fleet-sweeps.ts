import type { SystemCtx } from '@clawbernetes/services/context'
import { diagnose } from '@clawbernetes/services/diagnosis/diagnose'
import { expireCommands } from '@clawbernetes/services/fleet/expire-commands'
import { liftExpiredCordons } from '@clawbernetes/services/fleet/lift-expired-cordons'
import { markSilentNodes, NODE_LEASE_MS } from '@clawbernetes/services/fleet/mark-silent-nodes'
import { pruneTelemetry } from '@clawbernetes/services/telemetry/prune'
import { rollUp } from '@clawbernetes/services/telemetry/roll-up'
import { pruneLogs } from '@clawbernetes/services/workloads/prune-logs'
import type { Sweep } from './run-sweeps'

const MINUTE_MS = 60_000

/** What keeps the fleet's picture true: leases, rollups, findings, retention. Each is safe to run in several processes. */
export function fleetSweeps(sys: SystemCtx): Sweep[] {
  const startedMs = Date.now()
  return [
    {
      name: 'silent-nodes',
      everyMs: 2_000,
      // After a downtime of our own, nodes get the time to come back before they count as silent.
      run: async () => (Date.now() - startedMs < NODE_LEASE_MS ? [] : markSilentNodes({ sys })),
    },
    { name: 'expire-commands', everyMs: 10_000, run: () => expireCommands({ sys }) },
    { name: 'cordons', everyMs: 10_000, run: () => liftExpiredCordons({ sys }) },
    { name: 'rollup', everyMs: 10_000, run: () => rollUp({ sys }) },
    { name: 'diagnose', everyMs: 10_000, run: () => diagnose({ sys }) },
    { name: 'prune-telemetry', everyMs: 30 * MINUTE_MS, run: () => pruneTelemetry({ sys }) },
    { name: 'prune-logs', everyMs: 15 * MINUTE_MS, run: () => pruneLogs({ sys }) },
  ]
}
