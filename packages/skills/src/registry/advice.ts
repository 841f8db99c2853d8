import { advise, type Advice, worthAdvice } from '@clawbernetes/domain/diagnosis/advise'
import { place } from '@clawbernetes/domain/placement/place'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import type { FindingView } from '@clawbernetes/protocol/views/finding'
import type { Ctx } from '@clawbernetes/services/context'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'

/** Advice as part of a result's data: what "do it" would mean. */
export const adviceData = z
  .object({
    intent: z.enum(['migrate_workload', 'restart_workload', 'drain_node', 'isolate_gpu']),
    slots: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
    text: z.string(),
    narrower: z.string().nullable(),
  })
  .nullable()

/** What the gravest of these findings calls for now, with the fleet as it is: null when nothing is to be done, or nothing can be. */
export async function adviseOn(ctx: Ctx, findings: readonly FindingView[]): Promise<Advice | null> {
  const worth = worthAdvice(findings)
  if (worth.length === 0) return null
  const [snapshot, live] = await Promise.all([readFleet({ ctx }), liveWorkloads({ ctx, input: {} })])
  for (const finding of worth) {
    const advice = adviceFor(finding, snapshot, live)
    if (advice) return advice
  }
  return null
}

function adviceFor(finding: FindingView, snapshot: FleetSnapshot, live: readonly LiveWorkload[]): Advice | null {
  const node = snapshot.nodes.find((n) => n.id === finding.nodeId)
  const gpu = node?.gpus.find((g) => g.id === finding.gpuId)
  // It is out of use already: what was to be done is done.
  const isOut = gpu?.unusable && !/^(?:unreadable|no longer reported)/.test(gpu.unusable)
  if (isOut && !live.some((w) => w.gpus.some((g) => g.id === gpu.id))) return null
  const linked =
    gpu?.linkDomain == null ? [] : (node?.gpus ?? []).filter((g) => g.id !== gpu.id && g.linkDomain === gpu.linkDomain)
  const holder = live.find((w) => w.gpus.some((g) => g.id === finding.gpuId))
  return advise({
    rule: finding.rule,
    severity: finding.severity,
    node: finding.nodeName,
    gpu: finding.gpuIndex,
    linkedGpus: linked.length,
    holder: holder ? { workload: holder.name } : null,
    moveTo: holder ? whereTo(holder, finding.nodeName, gpu?.model ?? null, snapshot) : null,
  })
}

/** Where the whole workload would fit if it left this node; its own wish for a node no longer counts, its other rules do. */
function whereTo(workload: LiveWorkload, node: string, model: string | null, snapshot: FleetSnapshot) {
  const request = placementRequest(workload.spec)
  const found = place({ ...request, nodes: null, excludeNodes: [...request.excludeNodes, node] }, snapshot)
  const target = found.places[0]
  if (!target) return null
  const gpuModel = found.considered.find((v) => v.nodeId === target.nodeId)?.model ?? 'no GPUs'
  return { node: target.nodeName, gpuModel, sameModel: gpuModel === model }
}

/** As a result's recommendation, for "do it". */
export const recommendationOf = (advice: Advice | null) =>
  advice ? { intent: advice.intent, slots: { ...advice.slots } } : undefined

/** As part of an answer; whoever may propose gets its card with it, and the question that a plain yes answers. */
export const adviceWords = (advice: Advice | null): string =>
  advice === null ? '' : ` I recommend: ${advice.text}${advice.narrower ? ` ${advice.narrower}` : ''}`
