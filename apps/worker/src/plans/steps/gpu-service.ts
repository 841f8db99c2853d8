import { readGpuHealth } from '@clawbernetes/services/fleet/read-gpu-health'
import { setGpuHealth } from '@clawbernetes/services/fleet/set-gpu-health'
import { stepCtx } from '../step-ctx'
import type { Observed, StepContext, StepHandler } from '../step-handler'

export const isolate: StepHandler<'isolate-gpu'> = {
  act: async ({ sys, step, args }) => {
    await setGpuHealth({
      ctx: await stepCtx(sys, step),
      input: { gpuId: args.gpuId, health: 'quarantined', reason: args.reason },
    })
  },
  verify: (ctx) => healthIs(ctx, 'quarantined'),
}

export const returnToService: StepHandler<'return-gpu'> = {
  act: async ({ sys, step, args }) => {
    await setGpuHealth({
      ctx: await stepCtx(sys, step),
      input: { gpuId: args.gpuId, health: 'ok', reason: args.reason },
    })
  },
  verify: (ctx) => healthIs(ctx, 'ok'),
}

async function healthIs(
  { sys, step, args }: Pick<StepContext<'isolate-gpu'>, 'sys' | 'step' | 'args'>,
  wanted: 'quarantined' | 'ok',
): Promise<Observed> {
  const gpu = await readGpuHealth(sys, { orgId: step.orgId, gpuId: args.gpuId })
  const name = `GPU ${gpu.index} of ${gpu.node}`
  if (gpu.health !== wanted) return { is: 'never', code: 'changed-meanwhile', words: `${name} is ${gpu.health} now.` }
  const isolated = wanted === 'quarantined'
  const goesOn = isolated && gpu.heldBy ? ` ${gpu.heldBy} goes on there until it ends.` : ''
  return {
    is: 'so',
    words: isolated ? `${name} is isolated.${goesOn}` : `${name} is back in service.`,
    facts: [{ label: name, value: isolated ? 'isolated' : 'in service' }],
  }
}
