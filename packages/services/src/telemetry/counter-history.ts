import { counterGrowth, counterKey, counterSteps, type CounterRow } from '@clawbernetes/domain/telemetry/counters'
import { windowInput, type WindowInput } from '@clawbernetes/protocol/views/series'
import type { CounterHistory } from '@clawbernetes/protocol/views/gpu'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { readCounterRows } from './read-growth'

const MAX_POINTS = 1_000

export const counterHistoryInput = z.object({ gpuId: z.string().max(60), window: windowInput })

/** Every change of a GPU's counters in a window, and what each grew by: "47, was 12 yesterday", aware of resets. */
export async function counterHistory({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { gpuId: string; window: WindowInput }
}): Promise<CounterHistory> {
  requirePermission(ctx, 'read')
  const { gpuId, window } = parseInput(counterHistoryInput, input)
  const gpu = await ctx.db.gpu.findFirst({ where: { id: gpuId, orgId: ctx.actor.orgId }, select: { id: true } })
  if (!gpu) throw notFound('GPU')
  const rows = (await readCounterRows(ctx.db, [gpuId], new Date(window.fromMs), new Date(window.toMs))).get(gpuId) ?? []
  const byCounter = new Map<string, CounterRow[]>()
  for (const row of rows) byCounter.set(counterKey(row), [...(byCounter.get(counterKey(row)) ?? []), row])
  const points = [...byCounter.values()]
    .flatMap(counterSteps)
    .filter((step) => step.atMs >= window.fromMs)
    .sort((a, b) => a.atMs - b.atMs)
  return {
    gpuId,
    fromMs: window.fromMs,
    toMs: window.toMs,
    points: points.slice(-MAX_POINTS),
    summaries: counterGrowth(rows, window.fromMs),
  }
}
