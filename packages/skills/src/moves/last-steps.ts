import { readMetrics } from '@clawbernetes/services/workloads/read-metrics'
import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import type { Ctx } from '@clawbernetes/services/context'

const MOST = 8

/** The last step that each training reported; one that reported none is missing. */
export async function lastSteps(ctx: Ctx, workloads: readonly LiveWorkload[]): Promise<Map<string, number>> {
  const steps = new Map<string, number>()
  await Promise.all(
    workloads
      .filter((w) => w.kind === 'training')
      .slice(0, MOST)
      .map(async (w) => {
        const { curves } = await readMetrics({ ctx, input: { workloadId: w.id, names: ['loss'] } })
        const [loss] = curves
        if (loss) steps.set(w.id, loss.last.step)
      }),
  )
  return steps
}
